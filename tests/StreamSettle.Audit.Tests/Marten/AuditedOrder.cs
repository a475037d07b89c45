using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>A projection as an auditor might write it.</summary>
public sealed class AuditedOrder
{
    public string Id { get; set; } = "";

    public long Version { get; set; }

    public long Net { get; set; }

    public int Confirmed { get; set; }

    public void Apply(SettlementCalculated happened) => Net = happened.Net;

    public void Apply(DeliveryConfirmed happened) => Confirmed += happened.Attempt;
}
