-- Customers who may be known twice, undecided / customers.
SELECT c.branch_id, c.owner_id, count(d.id) AS part, count(*) AS whole
FROM customers_customer AS c
LEFT JOIN (
    SELECT a_id AS id FROM customers_duplicatepair WHERE state = 'open'
    UNION
    SELECT b_id FROM customers_duplicatepair WHERE state = 'open'
) AS d ON d.id = c.id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
