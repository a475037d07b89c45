using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>Counts what one notary gave. Not thread-safe.</summary>
internal sealed class NotaryTally(string notary)
{
    readonly List<(long Number, string Subject)> untouched = [];
    (UtcInstant At, string By)? last;
    string? remedy;
    bool isAway;
    long sound;
    long notChecked;
    long waiting;

    /// <summary>Nothing was ever begun of it.</summary>
    public void AddUntouched(long number, string subject) => untouched.Add((number, subject));

    /// <summary>It is under way.</summary>
    public void AddWaiting() => waiting++;

    public void Add(EvidenceVerdict verdict)
    {
        switch (verdict)
        {
            case EvidenceVerdict.Sound given:
                (sound, last) = (sound + 1, (given.At, given.By));
                break;
            case EvidenceVerdict.NotChecked open:
                (notChecked, remedy, isAway) = (notChecked + 1, open.Remedy, isAway || open.IsAway);
                break;
        }
    }

    /// <summary>A notary is asked in the order of numbers: what was never begun while a later one was given is missing.</summary>
    public IReadOnlyList<(long Number, string Subject)> TakeMissing()
    {
        (long, string)[] missing = [.. untouched];
        untouched.Clear();
        return missing;
    }

    public NotaryVerdict End() => new(notary, sound, last?.By, last?.At, notChecked, remedy, waiting + untouched.Count) { IsAway = isAway };
}
