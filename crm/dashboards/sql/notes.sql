-- Conversations with words noted / conversations, 30 days.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE i.summary <> '') AS part, count(*) AS whole
FROM interactions_interaction AS i
JOIN customers_customer AS c ON c.id = i.customer_id
WHERE c.status = 'active' AND i.outcome = 'talked' AND i.channel = ANY (%(conversations)s)
  AND i.at >= %(thirty)s AND i.at < %(end)s
GROUP BY c.branch_id, c.owner_id
