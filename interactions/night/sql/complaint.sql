-- Open complaints. Due: the day by which they are to be answered, or the working day before. Nobody is to handle what
-- concerns themselves.

SELECT
    p.customer_id,
    p.number AS cause,
    coalesce(off.before, p.due) AS due,
    jsonb_build_object(
        'number', p.number, 'received', CAST(p.received_at AT TIME ZONE :zone AS date), 'due', p.due
    ) AS values
FROM interactions_complaint AS p
JOIN customers_customer AS c ON c.id = p.customer_id AND c.owner_id IS DISTINCT FROM p.about_id
LEFT JOIN off ON off.day = p.due
WHERE p.customer_id BETWEEN :first AND :last AND p.state = 'open'
