-- Loans as they stood on :day. Unknown for a customer without a loan.
-- loan_outstanding  still to be paid back, minor units
-- overdue_days      of the loan that is longest overdue; 0 where all are in order
-- overdue_amount    overdue on all loans, minor units
-- mortgage_since    when the newest loan with a term of ten years or more began; also of a loan without a state yet

SELECT
    customer_id,
    CAST(sum(outstanding) AS bigint) AS loan_outstanding,
    max(overdue_days) AS overdue_days,
    CAST(sum(overdue_amount) AS bigint) AS overdue_amount,
    max(CASE WHEN started_on <= :day AND matures_on >= CAST(started_on + INTERVAL '10 years' AS date)
        THEN started_on END) AS mortgage_since
FROM (
    SELECT
        l.customer_id, l.started_on, l.matures_on,
        s.state, s.outstanding, s.overdue_days, s.overdue_amount,
        row_number() OVER (PARTITION BY l.id ORDER BY s.day DESC) AS recency
    FROM customers_loan AS l
    LEFT JOIN customers_loanstate AS s ON s.loan_id = l.id AND s.day <= :day
    WHERE l.customer_id BETWEEN :first AND :last
) AS stood
WHERE recency = 1 AND (state IS NULL OR state IN ('current', 'overdue'))
GROUP BY customer_id
