using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Rebuilding;

/// <summary>How far a state directory has come that was made anew from the event log; kept in it.</summary>
enum RebuildPhase
{
    /// <summary>It was never rebuilt.</summary>
    None,

    /// <summary>Its stores are not whole: no service may run on it.</summary>
    Begun,

    /// <summary>All that the event log knows is there.</summary>
    Done,
}

/// <summary>Reads and writes <see cref="RebuildPhase"/>.</summary>
static class KeptPhase
{
    const string MetadataName = "rebuild";

    public static RebuildPhase Read(Func<string, byte[]?> metadata) => metadata(MetadataName) switch
    {
        null => RebuildPhase.None,
        [var phase] when phase is (byte)RebuildPhase.Begun or (byte)RebuildPhase.Done => (RebuildPhase)phase,
        _ => throw new CorruptStateException("the state directory does not say how far its rebuild has come"),
    };

    public static (string Name, byte[] Value) Entry(RebuildPhase phase) => (MetadataName, [(byte)phase]);
}
