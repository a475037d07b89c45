using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Running;

/// <summary>Instants as answers have them.</summary>
static class Instants
{
    /// <summary>By what they mean: as texts a fraction of a second would sort before the whole one.</summary>
    public static IComparer<string?> ByText { get; } = Comparer<string?>.Create((one, other) => (one, other) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        _ => UtcInstant.Parse(one).CompareTo(UtcInstant.Parse(other)),
    });
}
