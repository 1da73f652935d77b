-- Customers about to leave at the end of the day / customers.
SELECT c.branch_id, c.owner_id, count(e.customer_id) AS part, count(*) AS whole
FROM customers_customer AS c
LEFT JOIN (
    SELECT DISTINCT customer_id FROM interactions_churnepisode
    WHERE day <= %(day)s AND (ended_on IS NULL OR ended_on > %(day)s)
) AS e ON e.customer_id = c.id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
