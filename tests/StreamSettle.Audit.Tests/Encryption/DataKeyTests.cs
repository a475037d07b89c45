using System.Text;
using StreamSettle.Audit.Encryption;
using StreamSettle.Kernel.Ids;
using Xunit;

namespace StreamSettle.Audit.Tests.Encryption;

public sealed class DataKeyTests
{
    static readonly Guid Id = new("11111111-2222-3333-4444-555555555555");
    static readonly Guid Event = new("aaaaaaaa-bbbb-8ccc-8ddd-eeeeeeeeeeee");
    static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    // Computed by Python's hmac and cryptography from the layout in DataKey's remarks.
    [Fact]
    public void The_same_field_is_the_same_bytes_for_ever() =>
        Assert.Equal(Golden, Convert.ToHexStringLower(Encrypt("no invoice of Jane Doe", "503: ")));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("ü😀 \" \\")]
    [InlineData("long")]
    public void A_text_of_any_length_comes_back(string text)
    {
        text = text == "long" ? new string('ß', 5_000) : text;
        using var key = new DataKey(Id, Secret);

        Assert.Equal(text, Encoding.UTF8.GetString(key.Decrypt(Place("503: "), Encrypt(text, "503: "))!));
    }

    [Fact]
    public void Whatever_is_altered_or_cut_off_does_not_open()
    {
        using var key = new DataKey(Id, Secret);
        var encrypted = Encrypt("Jane", "");
        for (var bit = 0; bit < encrypted.Length * 8; bit++)
        {
            var altered = encrypted.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(key.Decrypt(Place(""), altered));
        }

        Assert.All(Enumerable.Range(0, encrypted.Length), length => Assert.Null(key.Decrypt(Place(""), encrypted.AsSpan(0, length))));
    }

    [Fact]
    public void At_another_place_or_by_another_key_it_does_not_open()
    {
        var encrypted = Encrypt("Jane", "503: ");
        using var key = new DataKey(Id, Secret);
        using var renamed = new DataKey(Event, Secret);
        using var other = new DataKey(Id, [.. Secret.Reverse()]);

        Assert.NotNull(key.Decrypt(Place("503: "), encrypted));
        Assert.Null(key.Decrypt(Place("422: "), encrypted));
        Assert.Null(key.Decrypt(new() { Order = new(43), Event = Event, Member = "Reason", Beginning = "503: "u8 }, encrypted));
        Assert.Null(key.Decrypt(new() { Order = new(42), Event = Id, Member = "Reason", Beginning = "503: "u8 }, encrypted));
        Assert.Null(key.Decrypt(new() { Order = new(42), Event = Event, Member = "Note", Beginning = "503: "u8 }, encrypted));
        Assert.Null(renamed.Decrypt(Place("503: "), encrypted));
        Assert.Null(other.Decrypt(Place("503: "), encrypted));
    }

    /// <summary>Where the nonce comes from what is encrypted, only the same comes twice.</summary>
    [Fact]
    public void Nonces_differ_wherever_anything_does()
    {
        var nonces = new HashSet<string>();
        for (var order = 0; order < 200; order++)
        {
            foreach (var text in new[] { "Jane", "John", "" })
            {
                Assert.True(nonces.Add(Convert.ToHexString(Encrypt(text, "", order).AsSpan(0, 12))));
            }
        }
    }

    static byte[] Encrypt(string text, string beginning, long order = 42)
    {
        using var key = new DataKey(Id, Secret);
        var bytes = Encoding.UTF8.GetBytes(text);
        var encrypted = new byte[bytes.Length + DataKey.Overhead];
        key.Encrypt(new() { Order = new(order), Event = Event, Member = "Reason", Beginning = Encoding.UTF8.GetBytes(beginning) }, bytes, encrypted);
        return encrypted;
    }

    static FieldPlace Place(string beginning) => new() { Order = new OrderId(42), Event = Event, Member = "Reason", Beginning = Encoding.UTF8.GetBytes(beginning) };

    const string Golden = "38d54bffcac918274e343aea0b553fb8907538742ae182dd1fa67d2e80a7e39686b3eb14d63ecbc8596de75116af9f98af7c";
}
