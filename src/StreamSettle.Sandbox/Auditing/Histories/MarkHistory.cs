using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>The marks that an order's log tells, up to its calculation.</summary>
internal sealed class MarkHistory
{
    LoggedEvent? last;

    /// <summary>
    /// Since when the order was known and its mark had passed, without a break: an edit of a row whose mark has passed, while it waits to be calculated, makes it no younger. Null while it is not known.
    /// </summary>
    public UtcInstant? PassedSince { get; private set; }

    public void Schedule(LoggedEvent scheduled)
    {
        var hadPassed = PassedSince <= scheduled.RecordedAt && scheduled.DueAt <= scheduled.RecordedAt && scheduled.MerchantId == last?.MerchantId;
        if (!hadPassed)
        {
            PassedSince = scheduled.DueAt > scheduled.RecordedAt ? scheduled.DueAt : scheduled.RecordedAt;
        }

        last = scheduled;
    }

    public void Cancel() => PassedSince = null;
}
