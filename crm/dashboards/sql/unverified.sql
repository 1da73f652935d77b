-- Names by which channels know customers that nobody has made sure of / such names.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE n.verified_at IS NULL OR n.verified_at >= %(end)s) AS part,
       count(*) AS whole
FROM interactions_channelidentity AS n
JOIN customers_customer AS c ON c.id = n.customer_id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
