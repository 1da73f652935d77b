-- Customers who used a channel in 30 days, by channel; one of two channels counts in both.
SELECT c.branch_id, c.owner_id, e.channel AS key, count(*) AS part, 0 AS whole
FROM (
    SELECT DISTINCT customer_id, channel FROM interactions_channelevent
    WHERE customer_id IS NOT NULL AND at >= %(thirty)s AND at < %(end)s
) AS e
JOIN customers_customer AS c ON c.id = e.customer_id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id, e.channel
