using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Delivery.Callbacks;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Callbacks;

public sealed class CallbackSignatureTests
{
    /// <summary>Of the body under the secret at <see cref="SignedAt"/>: printf '%s' '1793491200.{"key":"42:split:0"}' | openssl dgst -sha256 -hmac 'whsec 1'.</summary>
    const string OpenSsl = "5d515e1d1069e1c2e04e5ddb50602e93d0c5d772135bad0afdb02210a26a5d20";

    const string Secret = "whsec 1";
    const long SignedAt = 1_793_491_200;

    static readonly byte[] Body = """{"key":"42:split:0"}"""u8.ToArray();

    static readonly UtcInstant Then = new(SignedAt * 1_000_000);

    static CallbackSecrets Secrets(params string[] secrets) => new(new() { CallbackSecrets = secrets }, "Downstreams:Split", TimeProvider.System, NullLogger.Instance);

    static SignatureVerdict Verify(string? header, byte[]? body = null, UtcInstant? now = null, params string[] secrets) =>
        CallbackSignature.Verify(header, body ?? Body, Secrets(secrets.Length == 0 ? [Secret] : secrets), now ?? Then);

    [Fact]
    public void What_openssl_signs_is_good() => Assert.Equal(SignatureVerdict.Good, Verify($"t={SignedAt},v1={OpenSsl}"));

    [Fact]
    public void What_we_sign_is_the_same() => Assert.Equal($"t={SignedAt},v1={OpenSsl}", CallbackSignature.Sign(Encoding.UTF8.GetBytes(Secret), Body, Then));

    [Theory]
    [InlineData("t={t}, v1={d}")]
    [InlineData("v1={d},t={t}")]
    [InlineData("t={t},v0=ab,v1={d}")]
    [InlineData("t={t},v1=0000000000000000000000000000000000000000000000000000000000000000,v1={d}")]
    public void Its_parts_may_come_in_any_order_with_others_and_several_of_which_one_is_good(string form) =>
        Assert.Equal(SignatureVerdict.Good, Verify(Header(form)));

    [Fact]
    public void Hex_may_be_in_capitals() => Assert.Equal(SignatureVerdict.Good, Verify($"t={SignedAt},v1={OpenSsl.ToUpperInvariant()}"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t={t}")]
    [InlineData("v1={d}")]
    [InlineData("t={t},v1={d}0")]
    [InlineData("t={t},v1=")]
    [InlineData("t={t},t={t},v1={d}")]
    [InlineData("t=,v1={d}")]
    [InlineData("t=+{t},v1={d}")]
    [InlineData("t=0{t},v1={d}")]
    [InlineData("t=99999999999999999999,v1={d}")]
    [InlineData("t={t},v2={d}")]
    [InlineData("{d}")]
    public void What_is_no_signature_is_bad(string? form) => Assert.Equal(SignatureVerdict.Bad, Verify(form is null ? null : Header(form)));

    [Fact]
    public void The_bytes_are_signed_not_what_they_mean() =>
        Assert.Equal(SignatureVerdict.Bad, Verify($"t={SignedAt},v1={OpenSsl}", """{"key": "42:split:0"}"""u8.ToArray()));

    [Fact]
    public void Another_systems_secret_is_bad_and_any_of_several_is_good()
    {
        Assert.Equal(SignatureVerdict.Bad, Verify($"t={SignedAt},v1={OpenSsl}", secrets: ["whsec 2"]));
        Assert.Equal(SignatureVerdict.Good, Verify($"t={SignedAt},v1={OpenSsl}", secrets: ["whsec 2", Secret]));
    }

    [Theory]
    [InlineData(300, SignatureVerdict.Good), InlineData(301, SignatureVerdict.Stale), InlineData(-300, SignatureVerdict.Good), InlineData(-301, SignatureVerdict.Stale)]
    public void It_is_good_for_five_minutes(int seconds, SignatureVerdict verdict) => Assert.Equal(verdict, Verify($"t={SignedAt},v1={OpenSsl}", now: Then + TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_bad_one_is_bad_however_old() => Assert.Equal(SignatureVerdict.Bad, Verify($"t=1,v1={OpenSsl}"));

    [Fact]
    public void Without_a_secret_nothing_is_good()
    {
        Assert.False(Secrets().Any);
        Assert.Equal(SignatureVerdict.Bad, CallbackSignature.Verify(CallbackSignature.Sign([], Body, Then), Body, Secrets(), Then));
    }

    [Fact]
    public void A_file_has_one_a_line_and_is_read_anew_while_the_service_runs()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "whsec 0\r\n");
            var time = new VirtualTime(Then.ToDateTimeOffset());
            var secrets = new CallbackSecrets(new() { CallbackSecretFile = path }, "Downstreams:Split", time, NullLogger.Instance);
            Assert.Equal(SignatureVerdict.Bad, CallbackSignature.Verify($"t={SignedAt},v1={OpenSsl}", Body, secrets, Then));

            File.WriteAllText(path, $"whsec 0\n\n{Secret}\n");
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(SignatureVerdict.Good, CallbackSignature.Verify($"t={SignedAt},v1={OpenSsl}", Body, secrets, Then));

            // A file that is empty for a moment leaves what was there in use.
            File.WriteAllText(path, "");
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(SignatureVerdict.Good, CallbackSignature.Verify($"t={SignedAt},v1={OpenSsl}", Body, secrets, Then));
        }
        finally
        {
            File.Delete(path);
        }
    }

    static string Header(string form) => form.Replace("{t}", $"{SignedAt}", StringComparison.Ordinal).Replace("{d}", OpenSsl, StringComparison.Ordinal);
}
