using System.Net;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams;

/// <summary>How the sandbox's downstream systems are hosted.</summary>
public sealed record DownstreamsOptions
{
    /// <summary>Where they listen. Default: this machine alone, 127.0.0.1. Whoever reaches them may change their faults: there is no key.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port of the control API; the five systems take the five that follow. 0, the default: six free ones.</summary>
    public int Port { get; init; }

    /// <summary>Effects are also written here, one JSON object a line, and read again at the next start. Null, the default: memory only.</summary>
    public string? EffectsFile { get; init; }

    /// <summary>How they misbehave from the start. Default: not at all.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        const int LastPort = 65535;
        if (Port < 0 || Port > LastPort - DownstreamNames.Legs.Count)
        {
            yield return $"{section}:Port must be 0 (free ones) to {LastPort - DownstreamNames.Legs.Count}, but is {Port}.";
        }

        foreach (var problem in Faults.Problems($"{section}:Faults"))
        {
            yield return problem;
        }
    }
}
