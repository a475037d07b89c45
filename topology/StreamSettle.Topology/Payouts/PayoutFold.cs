using System.Globalization;
using System.Xml;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Payouts;

/// <summary>What the facts about payouts change. Pure.</summary>
static class PayoutFold
{
    const string TimeForm = "HH:mm:ss";

    /// <exception cref="CorruptStateException">The split is not one that could go.</exception>
    public static SettledOrder Deferred(SettledOrder settled, PayoutDeferred e) => settled.Legs.Split is LegState.Sent or LegState.Deferred
        ? settled with
        {
            Legs = settled.Legs with { Split = LegState.Deferred },
            Deferred = new(e.Amount, e.Reason, Instant(e.PayableAt), e.Minimum, Instant(e.LatestAt), (settled.Deferred?.Times ?? 0) + 1),
        }
        : throw new CorruptStateException($"the payout of {e.Key} is kept back, which stands at {settled.Legs.Split}");

    /// <exception cref="CorruptStateException">The split was not kept back.</exception>
    public static SettledOrder Released(SettledOrder settled, PayoutReleased e) => settled.Legs.Split == LegState.Deferred
        ? settled with { Legs = settled.Legs with { Split = LegState.Sent }, Deferred = null }
        : throw new CorruptStateException($"the payout of {e.Key} is let go, which stands at {settled.Legs.Split}");

    public static PayoutTerms? Terms(AgreedPayout? agreed) => agreed is null
        ? null
        : new(
            agreed.Rule, agreed.Minimum, agreed.MaxWait is { } wait ? XmlConvert.ToString(wait) : null, agreed.Calendar,
            agreed.CutOff?.ToString(TimeForm, CultureInfo.InvariantCulture));

    /// <exception cref="CorruptStateException">A time is not of our form.</exception>
    public static AgreedPayout? Agreed(PayoutTerms? terms)
    {
        if (terms is null)
        {
            return null;
        }

        try
        {
            return new(
                terms.Rule, terms.Minimum, terms.MaxWait is { } wait ? XmlConvert.ToTimeSpan(wait) : null, terms.Calendar,
                terms.CutOff is { } cutOff ? TimeOnly.ParseExact(cutOff, TimeForm, CultureInfo.InvariantCulture) : null);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            throw new CorruptStateException($"payout terms have maxWait '{terms.MaxWait}' and cutOff '{terms.CutOff}'", wrong);
        }
    }

    static Kernel.Time.UtcInstant? Instant(string? text) => text is null ? null : PendingFold.Instant(text);
}
