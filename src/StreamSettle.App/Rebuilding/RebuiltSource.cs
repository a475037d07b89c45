using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Inspection;

namespace StreamSettle.App.Rebuilding;

/// <summary>How the source is read on a state directory that was made anew: as a whole, with a slot that is made anew too. The one that is there was of the state that was lost.</summary>
static class RebuiltSource
{
    /// <summary>Until that has been done once.</summary>
    public static bool IsToBeRead(EmbeddedCdcOptions source, Func<string, byte[]?> metadata) =>
        KeptPhase.Read(metadata) == RebuildPhase.Done && new SourceLook(source, metadata).IsFirstStart;

    public static EmbeddedCdcOptions Of(EmbeddedCdcOptions source, Func<string, byte[]?> metadata) => IsToBeRead(source, metadata) ? source with { StartAnew = true } : source;
}
