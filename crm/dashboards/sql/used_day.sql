-- Whether each manager did anything that is audited, on the night's day and on those of the last 30 not looked at yet.
-- One descent of an index a person and day: a subquery with LIMIT is never turned into a scan of the audit.
INSERT INTO dashboards_measure AS m (day, measured, branch_id, manager_id, part, whole)
SELECT d.day, 'used_day', u.branch_id, u.id,
       coalesce((
           SELECT 1 FROM audit_entry AS a
           WHERE a.actor_id = u.id AND a.at >= d.since AND a.at < d.until AND a.result = 'ok'
           LIMIT 1
       ), 0),
       d.working
FROM unnest(%(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(working)s::int[])
     AS d (day, since, until, working)
CROSS JOIN (
    SELECT p.id, p.branch_id FROM staff_user AS p
    WHERE p.is_active AND p.branch_id IS NOT NULL AND p.id IN (
        SELECT user_id FROM staff_user_groups AS s JOIN auth_group AS g ON g.id = s.group_id
        WHERE g.name = 'relationship manager'
    )
) AS u
ON CONFLICT (day, measured, branch_id, manager_id) DO UPDATE SET part = excluded.part, whole = excluded.whole
WHERE (m.part, m.whole) IS DISTINCT FROM (excluded.part, excluded.whole)
