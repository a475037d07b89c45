using StreamSettle.Kernel.Calls;

namespace StreamSettle.Sandbox.Downstreams;

/// <summary>The five systems and their paths, as the contract names them.</summary>
public static class DownstreamNames
{
    /// <summary>The legs that have a system; <c>leg.ToString()</c> is the system's name in configuration.</summary>
    public static IReadOnlyList<Leg> Legs { get; } = [Leg.Verification, Leg.Split, Leg.Commission, Leg.Tax, Leg.TaxRefund];

    /// <summary>The path under the system's base URL.</summary>
    public static string Path(Leg leg) => leg switch
    {
        Leg.Verification => "/verifications",
        Leg.Split => "/splits",
        Leg.Commission => "/commissions",
        Leg.Tax => "/tax-filings",
        _ => "/tax-refunds",
    };
}
