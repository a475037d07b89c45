using System.Security.Cryptography;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Proofs;

public sealed class SealTests
{
    static readonly Seal First = new()
    {
        Log = Log, Number = 1, Events = 3, LastSequence = 4, Head = TreeHash.Leaf("a"u8), SealedAt = At("2026-11-29T05:00:00Z"), Previous = default, Key = "2026-a",
    };

    static readonly Seal Second = First with { Number = 2, Events = 9, LastSequence = 12, Head = TreeHash.Leaf("b"u8), SealedAt = At("2026-11-29T05:00:10.25Z"), Previous = First.Hash };

    [Fact]
    public void The_statement_is_text_that_stays_as_it_is()
    {
        Assert.Equal(
            """
            streamsettle seal 1
            log 0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01
            number 1
            events 3
            last-sequence 4
            head 022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c
            sealed-at 2026-11-29T05:00:00Z
            previous 0000000000000000000000000000000000000000000000000000000000000000
            key 2026-a

            """.ReplaceLineEndings("\n"),
            First.ToString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(First.Statement())), First.Hash.ToString());
    }

    [Fact]
    public void What_stands_beside_the_events_is_in_the_statement_too()
    {
        var seal = First with { Beside = new(2, TreeHash.Leaf("s"u8), 17, TreeHash.Leaf("n"u8), NotarisedPlaces.Of([("rfc3161", 17), ("ethereum", 15)])) };

        Assert.Equal(
            """
            streamsettle seal 2
            log 0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01
            number 1
            events 3
            last-sequence 4
            head 022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c
            shreddings 2 deec6e140d80ed38e9d322ee06654112251bd1218af56e7a8466a1e33e835023
            notarisations 17 0d84902cc0f636b02b84346ed79c43d5626284d5baabf7e997a936270680cd2b
            notarised ethereum=15,rfc3161=17
            sealed-at 2026-11-29T05:00:00Z
            previous 0000000000000000000000000000000000000000000000000000000000000000
            key 2026-a

            """.ReplaceLineEndings("\n"),
            seal.ToString());
        Assert.Equal(seal, Seal.Read(seal.ToString()));
        Assert.Equal(First, Seal.Read(First.ToString()));
        Assert.All(
            (string[])[
                seal.ToString().Replace("seal 2", "seal 1", StringComparison.Ordinal), First.ToString().Replace("seal 1", "seal 2", StringComparison.Ordinal), seal.ToString().Replace("ethereum=15,", "", StringComparison.Ordinal)[..^1],
                seal.ToString().Replace("ethereum=15,rfc3161=17", "rfc3161=17,ethereum=15", StringComparison.Ordinal), seal.ToString().Replace("shreddings 2", "shreddings 02", StringComparison.Ordinal), "streamsettle seal 2\n",
            ],
            text => Assert.Null(Seal.Read(text)));
    }

    [Fact]
    public void A_seal_without_further_events_must_say_more_of_what_stands_beside_them()
    {
        var first = First with { Beside = SealedBeside.Nothing with { Shreddings = 1 } };
        var next = first with { Number = 2, Previous = first.Hash, Beside = first.Beside with { Shreddings = 2 } };

        Assert.Null(next.ProblemAfter(first));
        Assert.Contains("nothing beyond seal 1", (next with { Beside = first.Beside }).ProblemAfter(first), StringComparison.Ordinal);
        Assert.Contains("nothing beyond seal 1", (next with { Head = TreeHash.Leaf("b"u8) }).ProblemAfter(first), StringComparison.Ordinal);
        Assert.Contains("says less", (next with { Beside = SealedBeside.Nothing }).ProblemAfter(first), StringComparison.Ordinal);
        Assert.Contains("says less", (next with { Events = 9, LastSequence = 12, Beside = null }).ProblemAfter(first), StringComparison.Ordinal);
        Assert.Null((next with { Previous = First.Hash }).ProblemAfter(First));
        Assert.Equal((true, false), (next.HasMoreThan(first), (next with { Beside = first.Beside with { Notarisations = 5 } }).HasMoreThan(first)));
    }

    [Fact]
    public void Seals_follow_on_each_other_and_whatever_is_wrong_with_that_is_named()
    {
        Assert.Null(First.ProblemAfter(null));
        Assert.Null(Second.ProblemAfter(First));
        Assert.Contains("seal 1 is missing", Second.ProblemAfter(null), StringComparison.Ordinal);
        Assert.Contains("seal 3 is missing", (Second with { Number = 4 }).ProblemAfter(Second), StringComparison.Ordinal);
        Assert.Contains("does not follow on seal 1", Second.ProblemAfter(First with { Head = TreeHash.Leaf("c"u8) }), StringComparison.Ordinal);
        Assert.Contains("does not follow on seal 0", (First with { Previous = First.Hash }).ProblemAfter(null), StringComparison.Ordinal);
        Assert.Contains("is of the log", (Second with { Log = AnotherLog }).ProblemAfter(First), StringComparison.Ordinal);
        Assert.Contains("nothing beyond", (Second with { Events = 3 }).ProblemAfter(First), StringComparison.Ordinal);
        Assert.Contains("before seal 1", (Second with { SealedAt = At("2026-11-29T04:00:00Z") }).ProblemAfter(First), StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_is_checked_by_the_key_of_its_name_also_after_a_rotation()
    {
        using var older = NewKey("2026-a");
        using var newer = NewKey("2026-b");
        using var known = SealKey.Read("2026-a", older.PublicPem());
        var (rotated, oldSignature) = (Second with { Key = "2026-b" }, older.Sign(First));
        var newSignature = newer.Sign(rotated);

        Assert.Equal(64, oldSignature.Length);
        Assert.False(known.MaySign);
        Assert.Null(SealKey.Problem(First, oldSignature, [known, newer]));
        Assert.Null(SealKey.Problem(rotated, newSignature, [known, newer]));
        Assert.Contains("key '2026-b', which is not among the known ones (2026-a)", SealKey.Problem(rotated, newSignature, [known]), StringComparison.Ordinal);
        Assert.Contains("(none)", SealKey.Problem(First, oldSignature, []), StringComparison.Ordinal);
        using var impostor = NewKey("2026-a");
        Assert.Contains("not that key's", SealKey.Problem(First, oldSignature, [impostor]), StringComparison.Ordinal);
        Assert.Contains("not that key's", SealKey.Problem(First with { Events = 2 }, oldSignature, [known]), StringComparison.Ordinal);
        Assert.Contains("not that key's", SealKey.Problem(First, [], [known]), StringComparison.Ordinal);
        Assert.Throws<BrokenInvariantException>(() => newer.Sign(First));
        Assert.Throws<BrokenInvariantException>(() => known.Sign(First));
    }

    [Fact]
    public void What_is_no_key_is_refused_without_being_shown()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(1024);
        using var good = NewKey("good");

        Assert.Contains("must be on the curve P-256", Refused("k", other.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused("k", rsa.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused("k", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Refused("k", "hunter2"), StringComparison.Ordinal);
        Assert.All((string[])["", "two words", "a\nkey b", new string('k', 65)], id => Assert.Contains("The name of a seal key", Refused(id, good.PublicPem()), StringComparison.Ordinal));
    }

    static string Refused(string id, string pem) => Assert.Throws<UserMistakeException>(() => SealKey.Read(id, pem)).Message;

    static SealKey NewKey(string id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SealKey.Read(id, key.ExportPkcs8PrivateKeyPem());
    }

    static UtcInstant At(string text) => UtcInstant.TryParse(text, out var at) ? at : throw new ArgumentException(text);
}
