namespace StreamSettle.Sandbox.Shop;

/// <summary>What becomes of an order. "Before" and "after" mean the settlement mark.</summary>
public enum OrderFate
{
    Settled,
    RefundedPartlyBefore,
    RefundedWhollyBefore,
    RefundedAfter,
    CancelledAfterCompletion,
    NeverCompleted,
    CancelledUnpaid,
    Disputed,
    DisputedAndCompletedAgain,
    AmountEdited,
    PromoterEdited,
    MerchantEdited,
    Deleted,
    KeyChanged,

    /// <summary>Cannot be settled: currency XXX.</summary>
    UnknownCurrency,

    /// <summary>Cannot be settled: shipping below zero.</summary>
    NegativeShipping,

    /// <summary>Cannot be settled: COMPLETED with a null <c>completed_at</c>.</summary>
    NoCompletedAt,

    /// <summary>Cannot be settled: nobody has a row for its merchant.</summary>
    UnknownMerchant,
}
