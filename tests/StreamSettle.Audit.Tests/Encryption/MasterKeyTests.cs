using StreamSettle.Audit.Encryption;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Audit.Tests.Encryption;

public sealed class MasterKeyTests
{
    static readonly DataKeyName Name = new(new("11111111-2222-3333-4444-555555555555"), "437", 1);
    static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    public void What_is_no_key_is_refused_and_not_shown(string text)
    {
        var refused = Assert.Throws<UserMistakeException>(() => MasterKey.Read("2026", text));

        Assert.Contains("openssl rand -base64 32", refused.Message, StringComparison.Ordinal);
        Assert.True(text.Length == 0 || !refused.Message.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a'b")]
    public void A_name_is_plain(string id) => Assert.Throws<UserMistakeException>(() => MasterKeys.Of(id));

    [Fact]
    public void What_is_wrapped_opens_by_the_same_key_for_the_same_name_alone()
    {
        var key = MasterKeys.Of("2026");
        var wrapped = key.Wrap(Secret, Name, nonce => Array.Fill(nonce, (byte)1));

        Assert.Equal(Secret, key.Unwrap(wrapped, Name));
        Assert.Null(key.Unwrap(wrapped, Name with { Merchant = "438" }));
        Assert.Null(key.Unwrap(wrapped, Name with { Generation = 2 }));
        Assert.Null(key.Unwrap(wrapped, Name with { Id = default }));
        Assert.Null(MasterKeys.Of("2026", filled: 8).Unwrap(wrapped, Name));
        Assert.Null(MasterKeys.Of("2027").Unwrap(wrapped, Name));
        Assert.Null(key.Unwrap(wrapped.AsSpan(1), Name));
        wrapped[^1] ^= 1;
        Assert.Null(key.Unwrap(wrapped, Name));
    }

    [Fact]
    public void A_ring_has_a_name_once_and_its_current_key()
    {
        Assert.Contains("two master keys named 'a'", Assert.Throws<UserMistakeException>(() => MasterKeys.Ring(MasterKeys.Of("a"), MasterKeys.Of("a", filled: 8))).Message, StringComparison.Ordinal);
        Assert.Contains("no master key 'b' (there are 'a')", Assert.Throws<UserMistakeException>(() => new KeyRing([MasterKeys.Of("a")], "b")).Message, StringComparison.Ordinal);
        Assert.Null(KeyRing.None.Current);
    }
}
