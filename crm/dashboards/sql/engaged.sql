-- Customers who took part in something, used a coupon or learnt in 90 days / customers.
SELECT c.branch_id, c.owner_id, count(e.customer_id) AS part, count(*) AS whole
FROM customers_customer AS c
LEFT JOIN (
    SELECT DISTINCT customer_id FROM interactions_channelevent
    WHERE customer_id IS NOT NULL AND kind = ANY (%(engagements)s) AND at >= %(ninety)s AND at < %(end)s
) AS e ON e.customer_id = c.id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
