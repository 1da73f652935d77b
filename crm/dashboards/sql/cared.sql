-- Customers with whom their own manager spoke in 90 days (answered call, visit, two-way WeChat) / customers owned.
SELECT c.branch_id, c.owner_id, count(i.customer_id) AS part, count(*) AS whole
FROM customers_customer AS c
LEFT JOIN (
    SELECT DISTINCT customer_id, by_id FROM interactions_interaction
    WHERE outcome = 'talked' AND channel = ANY (%(conversations)s) AND at >= %(ninety)s AND at < %(end)s
) AS i ON i.customer_id = c.id AND i.by_id = c.owner_id
WHERE c.status = 'active' AND c.owner_id IS NOT NULL
GROUP BY c.branch_id, c.owner_id
