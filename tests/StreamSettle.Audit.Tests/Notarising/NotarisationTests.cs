using System.Security.Cryptography;
using System.Text;
using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Money;
using Xunit;

namespace StreamSettle.Audit.Tests.Notarising;

/// <summary>The bytes that notaries testify to stay as they are.</summary>
public sealed class NotarisationTests
{
    const string Golden = """
        streamsettle notarisation 1
        log 0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01
        number 3
        of seal 12
        hash 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
        splits-above EUR=1000000,USD=1200000
        by ethereum,rfc3161
        previous fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125

        """;

    [Fact]
    public void A_statement_has_these_bytes_and_its_digest_is_their_hash()
    {
        var one = Notarisation.Read(Golden)!;

        Assert.Equal((3, NotarisedKind.Seal, 12), (one.Number, one.Kind, one.Subject));
        Assert.Equal([(Of("EUR"), 1_000_000L), (Of("USD"), 1_200_000L)], one.SplitsAbove.All);
        Assert.Equal(["ethereum", "rfc3161"], one.Notaries);
        Assert.Equal(Golden, one.ToString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Golden))), one.Digest.ToString());
        Assert.Equal("of event 4711", (one with { Kind = NotarisedKind.Event, Subject = 4711, SplitsAbove = SplitAmounts.None }).ToString().Split('\n')[3]);
    }

    [Theory]
    [InlineData("number 3", "number 03")]
    [InlineData("of seal 12", "of seal -1")]
    [InlineData("of seal 12", "of order 12")]
    [InlineData("EUR=1000000,USD=1200000", "USD=1200000,EUR=1000000")]
    [InlineData("EUR=1000000,USD=1200000", "EUR=1.5")]
    [InlineData("EUR=1000000,USD=1200000", "XXX=1")]
    [InlineData("EUR=1000000,USD=1200000", "")]
    [InlineData("5dc9", "5DC9")]
    [InlineData("notarisation 1", "notarisation 2")]
    public void What_is_written_otherwise_is_none(string written, string otherwise) =>
        Assert.Null(Notarisation.Read(Golden.Replace(written, otherwise, StringComparison.Ordinal)));

    static Currency Of(string code) => Currency.TryParse(code, out var currency) ? currency : default;
}
