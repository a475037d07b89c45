namespace StreamSettle.Audit.Marten.Projections;

/// <summary>The projections there are, by the names that settings and commands use.</summary>
public static class ProjectionName
{
    /// <summary><see cref="OrderView"/>.</summary>
    public const string Orders = "orders";

    /// <summary><see cref="MerchantDay"/>, <see cref="TaxDay"/>, <see cref="DownstreamDay"/>, <see cref="DeadLetterView"/>.</summary>
    public const string Reports = "reports";

    public static IReadOnlyList<string> All { get; } = [Orders, Reports];
}
