using StreamSettle.Delivery.Calls;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Lanes;

/// <summary>What of calls competes for room: who goes first, and what a degraded system still gets. Order of calls holds within each merchant's lane, whatever its classes.</summary>
internal enum CallClass
{
    /// <summary>Calls of key accounts, and what a person waits for: they go on to a degraded system.</summary>
    KeyAccount = 0,

    /// <summary>The priority lane's other calls: large orders.</summary>
    Priority = 1,

    Ordinary = 2,

    /// <summary>Invoices that were left out of confirmed calls.</summary>
    Invoice = 3,
}

/// <summary>The classes.</summary>
internal static class CallClasses
{
    internal const int Count = 4;

    /// <summary>Who goes first where there is room for all.</summary>
    internal static ReadOnlySpan<CallClass> ByRank => [CallClass.KeyAccount, CallClass.Priority, CallClass.Ordinary, CallClass.Invoice];

    internal static CallClass Of(in CallState state) => state.IsOwingInvoice ? CallClass.Invoice
        : state.KeyAccount || state.IsBeingDiscarded ? CallClass.KeyAccount
        : state.Lane == Lane.Priority ? CallClass.Priority
        : CallClass.Ordinary;

    /// <summary>Before the others where both wait: by the configured share.</summary>
    internal static bool Overtakes(CallClass of) => of is CallClass.KeyAccount or CallClass.Priority;
}
