-- Loans as they stood on :day. Unknown for a customer without a loan.
-- loan_outstanding  still to be paid back, minor units
-- overdue_days      of the loan that is longest overdue; 0 where all are in order
-- overdue_amount    overdue on all loans, minor units

SELECT
    customer_id,
    CAST(sum(outstanding) AS bigint) AS loan_outstanding,
    max(overdue_days) AS overdue_days,
    CAST(sum(overdue_amount) AS bigint) AS overdue_amount
FROM (
    SELECT
        l.customer_id,
        s.state, s.outstanding, s.overdue_days, s.overdue_amount,
        row_number() OVER (PARTITION BY l.id ORDER BY s.day DESC) AS recency
    FROM customers_loan AS l
    JOIN customers_loanstate AS s ON s.loan_id = l.id
    WHERE l.customer_id BETWEEN :first AND :last AND s.day <= :day
) AS stood
WHERE recency = 1 AND state IN ('current', 'overdue')
GROUP BY customer_id
