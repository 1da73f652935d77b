-- Customers who moved money themselves or used a channel in 90 days / customers.
SELECT c.branch_id, c.owner_id,
       count(*) FILTER (
           WHERE f.last_active_on BETWEEN %(ninety_day)s AND %(day)s OR e.customer_id IS NOT NULL
       ) AS part,
       count(*) AS whole
FROM customers_customer AS c
LEFT JOIN customers_features AS f ON f.customer_id = c.id
LEFT JOIN (
    SELECT DISTINCT customer_id FROM interactions_channelevent
    WHERE customer_id IS NOT NULL AND at >= %(ninety)s AND at < %(end)s
) AS e ON e.customer_id = c.id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
