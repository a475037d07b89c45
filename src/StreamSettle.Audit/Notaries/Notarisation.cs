using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Notaries;

/// <summary>What notaries testify to: that a seal, or an event, was there. They are given nothing but the <see cref="Digest"/> of this statement.</summary>
/// <remarks>
/// The statement is UTF-8 text as a <see cref="Seal"/> is; each line ends in one line feed:
/// <code>
/// streamsettle notarisation 1
/// log 0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01
/// number 3
/// of seal 12
/// hash 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
/// splits-above EUR=1000000,USD=1200000
/// by ethereum,rfc3161
/// previous fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
/// </code>
/// Each names the one before it, so that whoever testifies to one testifies to all before it; and by what each says of amounts and notaries it shows later which are missing. Golden bytes: <c>NotarisationTests</c>.
/// </remarks>
public sealed record Notarisation
{
    const string Head = "streamsettle notarisation 1";

    /// <summary>The log that feeds the event log.</summary>
    public required Guid Log { get; init; }

    /// <summary>From 1 on, without a gap.</summary>
    public required long Number { get; init; }

    public required NotarisedKind Kind { get; init; }

    /// <summary>The seal's number, or the event's sequence number.</summary>
    public required long Subject { get; init; }

    /// <summary>Of the seal, or the event's leaf.</summary>
    public required TreeHash Hash { get; init; }

    /// <summary>Which splits behind the seal that was notarised before, up to this one, are notarised by themselves.</summary>
    public required SplitAmounts SplitsAbove { get; init; }

    /// <summary>The notaries that are asked, by their names; at least one.</summary>
    public required IReadOnlyList<string> Notaries { get; init; }

    /// <summary>The <see cref="Digest"/> of the notarisation before; 32 zero bytes in the first.</summary>
    public required TreeHash Previous { get; init; }

    /// <summary>SHA-256 of the statement: all that leaves the house.</summary>
    public TreeHash Digest => TreeHash.Read(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())));

    /// <summary><c>seal 12</c>.</summary>
    public string SubjectText => string.Create(CultureInfo.InvariantCulture, $"{(Kind == NotarisedKind.Seal ? "seal" : "event")} {Subject}");

    /// <summary>The statement's text.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Head}\nlog {Log:D}\nnumber {Number}\nof {SubjectText}\nhash {Hash}\nsplits-above {SplitsAbove}\nby {string.Join(',', Notaries)}\nprevious {Previous}\n");

    /// <summary>Reads what <see cref="ToString"/> writes, to the letter; null for anything else.</summary>
    public static Notarisation? Read(string statement)
    {
        string[] names = ["log", "number", "of", "hash", "splits-above", "by", "previous"];
        var lines = statement.Split('\n');
        if (lines.Length != names.Length + 2 || names.Where((name, at) => !lines[at + 1].StartsWith($"{name} ", StringComparison.Ordinal)).Any())
        {
            return null;
        }

        var values = names.Select((name, at) => lines[at + 1][(name.Length + 1)..]).ToArray();
        if (!Guid.TryParseExact(values[0], "D", out var log) || !Whole(values[1], out var number) || values[2].Split(' ') is not [var kind, var subject] || !Whole(subject, out var at)
            || TreeHash.Parse(values[3]) is not { } hash || SplitAmounts.Read(values[4]) is not { } above || TreeHash.Parse(values[6]) is not { } previous)
        {
            return null;
        }

        var one = new Notarisation
        {
            Log = log, Number = number, Kind = kind == "seal" ? NotarisedKind.Seal : NotarisedKind.Event, Subject = at, Hash = hash, SplitsAbove = above, Notaries = values[5].Split(','), Previous = previous,
        };
        return one.ToString() == statement ? one : null;
    }

    static bool Whole(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
