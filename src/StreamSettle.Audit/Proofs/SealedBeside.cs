using System.Globalization;
using StreamSettle.Audit.Notaries;

namespace StreamSettle.Audit.Proofs;

/// <summary>What stood beside the events when a seal was made, and is only ever added to: by it shows what was cut off at an end, which the rows that are left do not tell.</summary>
/// <remarks>
/// In a seal's statement, and as it is kept beside it, three lines:
/// <code>
/// shreddings 2 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
/// notarisations 17 fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
/// notarised ethereum=15,rfc3161=17
/// </code>
/// </remarks>
/// <param name="Shreddings">Of merchants' keys of personal data.</param>
/// <param name="ShreddingsHash">Of their records, each chained to the one before; 32 zero bytes without any.</param>
/// <param name="Notarisations">What was given to notaries: the number of the last.</param>
/// <param name="NotarisationsDigest">The <see cref="Notarisation.Digest"/> of the last, which names those before; 32 zero bytes without any.</param>
/// <param name="Notarised">Up to where each notary had testified to all that it was asked for.</param>
public sealed record SealedBeside(long Shreddings, TreeHash ShreddingsHash, long Notarisations, TreeHash NotarisationsDigest, NotarisedPlaces Notarised)
{
    /// <summary>Lines of <see cref="ToString"/>.</summary>
    internal const int Lines = 3;

    public static SealedBeside Nothing { get; } = new(0, default, 0, default, NotarisedPlaces.None);

    /// <summary>Reads what <see cref="ToString"/> writes, to the letter; null for anything else.</summary>
    public static SealedBeside? Read(string text)
    {
        if (text.Split('\n') is not [var first, var second, var third, ""] || Counted(first, "shreddings") is not { } shreddings || Counted(second, "notarisations") is not { } notarisations
            || third.Split(' ') is not ["notarised", var places] || NotarisedPlaces.Read(places) is not { } notarised)
        {
            return null;
        }

        var read = new SealedBeside(shreddings.Count, shreddings.Hash, notarisations.Count, notarisations.Hash, notarised);
        return read.ToString() == text ? read : null;
    }

    /// <summary>Nothing that is there was taken away since <paramref name="before"/>.</summary>
    public bool GoesOn(SealedBeside before) => Shreddings >= before.Shreddings && Notarisations >= before.Notarisations;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"shreddings {Shreddings} {ShreddingsHash}\nnotarisations {Notarisations} {NotarisationsDigest}\nnotarised {Notarised}\n");

    static (long Count, TreeHash Hash)? Counted(string line, string name) =>
        line.Split(' ') is [var first, var number, var hex] && first == name && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && TreeHash.Parse(hex) is { } hash
            ? (count, hash)
            : null;
}
