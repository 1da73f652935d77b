-- Working days of the last 30 with an audited act / working days among them, of each manager in the branch they work in
-- now. A day counts once, also of who changed branches on it.
SELECT u.branch_id, u.id AS owner_id,
       count(DISTINCT m.day) FILTER (WHERE m.part = 1 AND m.whole = 1) AS part,
       count(DISTINCT m.day) FILTER (WHERE m.whole = 1) AS whole
FROM dashboards_measure AS m
JOIN staff_user AS u ON u.id = m.manager_id
WHERE m.measured = 'used_day' AND m.day = ANY (%(days)s) AND u.branch_id IS NOT NULL AND u.is_active
GROUP BY u.branch_id, u.id
