-- Risk assessments that end within 30 days: without one nothing above R1 may be suggested. Due: the last day it counts,
-- or the working day before.

SELECT
    f.customer_id,
    CAST(f.risk_valid_until AS text) AS cause,
    coalesce(off.before, f.risk_valid_until) AS due,
    jsonb_build_object('on', f.risk_valid_until, 'level', f.risk_level) AS values
FROM customers_stagedfeatures AS f
LEFT JOIN off ON off.day = f.risk_valid_until
WHERE f.run = :run AND f.customer_id BETWEEN :first AND :last
    AND f.risk_valid_until BETWEEN :day AND :days_ahead_30
