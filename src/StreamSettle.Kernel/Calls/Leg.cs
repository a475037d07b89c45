namespace StreamSettle.Kernel.Calls;

/// <summary>What of a settlement goes to which downstream system. The names in keys, events and metrics are <see cref="LegNames"/>'.</summary>
public enum Leg : byte
{
    /// <summary>No call: the calculation itself, as the leg of a refused order's dead letter.</summary>
    Calculation = 0,
    Verification = 1,
    Split = 2,
    Commission = 3,
    Tax = 4,
    TaxRefund = 5,
}

/// <summary>The legs' names as keys and events write them: <c>verification</c>, <c>tax-refund</c>.</summary>
public static class LegNames
{
    static readonly string[] Names = ["calculation", "verification", "split", "commission", "tax", "tax-refund"];

    public static string Name(this Leg leg) => Names[(int)leg];

    public static bool TryParse(string name, out Leg leg)
    {
        var at = Array.IndexOf(Names, name);
        leg = (Leg)Math.Max(at, 0);
        return at >= 0;
    }
}
