using System.Text;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Encryption;

public sealed class FieldEncryptionTests : IDisposable
{
    static readonly OrderId Order = new(42);

    readonly DataKey key = new(new("11111111-2222-3333-4444-555555555555"), new byte[32]);

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Personal.All.Length)];

    public void Dispose() => key.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_personal_field_is_hidden_and_comes_back(int at)
    {
        var happened = Personal.All[at];
        var encrypted = Encrypt(happened);

        Assert.DoesNotContain("Jane", encrypted, StringComparison.Ordinal);
        Assert.Equal(encrypted, Encrypt(happened));
        Assert.Equal(EventJson.Write(happened), Open(happened.Kind(), encrypted));
        Assert.Equal(happened.Kind(), EventJson.Read(happened.Kind(), encrypted).Kind());
        Assert.True(FieldDecryption.MayHave(Encoding.UTF8.GetBytes(encrypted)));
        Assert.All(FieldDecryption.KeysOf(happened.Kind(), Encoding.UTF8.GetBytes(encrypted)), one => Assert.Equal(key.Id, one));
    }

    [Fact]
    public void All_kinds_with_personal_fields_are_tried_here() =>
        Assert.Equal(EventKinds.All.Where(kind => !PersonalFields.Of(kind).IsEmpty), Personal.All.Select(one => one.Kind()).Order());

    /// <summary>Whoever adds a text to an event, or to what is in one, decides whether it may say something of a person. A country, a rule's text, whose share a line is and why: of the trade, not of its buyer.</summary>
    [Fact]
    public void Every_other_text_of_an_event_is_known_not_to_be_personal()
    {
        string[] others =
        [
            "Cause", "RecordedAt", "CompletedAt", "DueAt", "Scope", "By", "Key", "Leg", "Receipt", "Currency", "RuleVersion", "RefundedAmount", "SentAs", "ReturnedAt", "PayableAt", "LatestAt", "Discarded[]",
            "Lines[].Party", "Lines[].Explanation", "Basis.BuyerCountry", "Basis.Category", "Basis.Tier", "Payout.Rule", "Payout.MaxWait", "Payout.Calendar", "Payout.CutOff",
        ];
        HashSet<string> seen = [];
        foreach (var kind in EventKinds.All)
        {
            var all = Texts(kind.ClrType(), "").ToList();
            seen.UnionWith(all);
            var texts = all.Except(others);
            // The reasons of these are our own words.
            if (kind is not (EventKind.SettlementCancelled or EventKind.PayoutDeferred or EventKind.PayoutReleased))
            {
                Assert.Equal(PersonalFields.Of(kind).ToArray().Select(field => field.Name).Order(), texts.Order());
            }
        }

        Assert.Empty(others.Except(seen));
    }

    /// <summary>The places of all texts in a type, those of what it is made of among them.</summary>
    static IEnumerable<string> Texts(Type type, string place) => type == typeof(string) ? [place]
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? Texts(type.GetGenericArguments()[0], $"{place}[]")
        : type.Assembly != typeof(SettlementEvent).Assembly ? []
        : type.GetProperties().Where(member => member.GetIndexParameters().Length == 0).SelectMany(member => Texts(member.PropertyType, place.Length == 0 ? member.Name : $"{place}.{member.Name}"));

    [Theory]
    [InlineData("no_rules", true)]
    [InlineData("503", true)]
    [InlineData("unknown: 503", true)]
    [InlineData("422: nothing", false)]
    [InlineData("returned: 422: Jane", false)]
    [InlineData("held: the system has this call", false)]
    [InlineData("Jane Doe: 422", false)]
    [InlineData("", true)]
    public void What_our_own_code_wrote_in_front_stays_readable(string reason, bool isAll)
    {
        var happened = Personal.Failed() with { Reason = reason };
        var stored = ((DeliveryFailed)EventJson.Read(EventKind.DeliveryFailed, Encrypt(happened))).Reason;

        Assert.Equal(isAll, stored == reason);
        var code = reason[..ReasonCode.LengthIn(Encoding.UTF8.GetBytes(reason))];
        Assert.StartsWith(code, stored, StringComparison.Ordinal);
        Assert.True(isAll || stored[code.Length..].StartsWith("enc1.", StringComparison.Ordinal));
        Assert.Equal(EventJson.Write(happened), Open(EventKind.DeliveryFailed, Encoding.UTF8.GetString(EventJson.Write(EventJson.Read(EventKind.DeliveryFailed, Encrypt(happened))))));
    }

    /// <summary>A system may answer with what looks like an encrypted field.</summary>
    [Theory]
    [InlineData("enc1.")]
    [InlineData("enc1.EREREREREREREREREREREQ")]
    [InlineData("enc1.AAAAAAAAAAAAAAAAAAAAAA.42.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("422: enc1.!!!!!!!!!!!!!!!!!!!!!!.42.AA")]
    public void A_plain_text_that_begins_like_one_stays_as_it_is(string reason)
    {
        var json = EventJson.Write(Personal.Failed() with { Reason = reason });

        Assert.Null(FieldDecryption.Open(EventKind.DeliveryFailed, Order, json, Find));
        Assert.Equal(json, Open(EventKind.DeliveryFailed, Encrypt(Personal.Failed() with { Reason = reason })));
    }

    [Fact]
    public void What_cannot_be_read_says_why_and_keeps_its_code()
    {
        var json = Encoding.UTF8.GetBytes(Encrypt(Personal.Failed()));

        Assert.Equal("422: shredded", Reason(FieldDecryption.Open(EventKind.DeliveryFailed, Order, json, _ => new FieldKey.Shredded())));
        Assert.Equal("422: encrypted (master key 'a' is not given)", Reason(FieldDecryption.Open(EventKind.DeliveryFailed, Order, json, _ => new FieldKey.Closed("master key 'a' is not given"))));
        Assert.Contains("unreadable", Reason(FieldDecryption.Open(EventKind.DeliveryFailed, new(43), json, Find)), StringComparison.Ordinal);
        Assert.Contains("unreadable", Reason(FieldDecryption.Open(EventKind.DeliveryFailed, Order, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace("#1", "#2", StringComparison.Ordinal)), Find)), StringComparison.Ordinal);
    }

    /// <summary>As PostgreSQL gives it back: other order, blanks, a member that this release does not know.</summary>
    [Fact]
    public void Members_may_stand_in_any_order()
    {
        var discarded = Personal.All.OfType<DeliveryDiscarded>().Single();
        var stored = (DeliveryDiscarded)EventJson.Read(EventKind.DeliveryDiscarded, Encrypt(discarded));
        var other = $$$"""{"N": 0, "Note": "{{{stored.Note}}}", "Later": {"Note": "x", "Cause": "y"}, "Reason": "{{{stored.Reason}}}", "By": "ann", "Key": "42:split:0", "Leg": "split", "Attempt": 20, "RecordedAt": "{{{RecordedAt}}}", "Cause": "ann@10"}""";

        Assert.Equal(discarded, EventJson.Read(EventKind.DeliveryDiscarded, FieldDecryption.Open(EventKind.DeliveryDiscarded, Order, Encoding.UTF8.GetBytes(other), Find)!));
    }

    static string Reason(byte[]? json) => ((DeliveryFailed)EventJson.Read(EventKind.DeliveryFailed, json)).Reason;

    string Encrypt(SettlementEvent happened)
    {
        var to = new ByteBuffer();
        FieldEncryption.Write(EventBody.Read(happened.Kind(), EventJson.Write(happened)), Order, key, to);
        return Encoding.UTF8.GetString(to.Written);
    }

    byte[] Open(EventKind kind, string json) => FieldDecryption.Open(kind, Order, Encoding.UTF8.GetBytes(json), Find) ?? Encoding.UTF8.GetBytes(json);

    FieldKey? Find(Guid id) => id == key.Id ? new FieldKey.Open(key) : null;
}
