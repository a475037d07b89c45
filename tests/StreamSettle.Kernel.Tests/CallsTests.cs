using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Kernel.Tests;

public class CallsTests
{
    [Theory]
    [InlineData("42:split:0")]
    [InlineData("-7:tax-refund:12")]
    [InlineData("9223372036854775807:calculation:1")]
    [InlineData("42:split:0;r1")]
    [InlineData("42:split:3;r12")]
    public void A_key_and_its_text_are_the_same_thing(string text)
    {
        Assert.True(CallKey.TryParse(text, out var key));
        Assert.Equal(text, key.ToString());
    }

    [Theory]
    [InlineData("42:split")]
    [InlineData("042:split:0")]
    [InlineData("42:Split:0")]
    [InlineData("42:split:-1")]
    [InlineData("42:split:0:0")]
    [InlineData("42:split:0;r0")]
    [InlineData("42:split:0;r01")]
    [InlineData("42:split:0;r-1")]
    [InlineData("42:split:0;r")]
    [InlineData("42:split:0;r1;r2")]
    [InlineData("42:split;r1:0")]
    public void What_is_no_key_is_refused(string text) => Assert.False(CallKey.TryParse(text, out _));

    [Fact]
    public void A_command_has_golden_bytes_and_comes_back()
    {
        var buffer = new ByteBuffer();
        new DeliveryCommand
        {
            Kind = DeliveryCommandKind.Send, Key = new(new(42), Leg.Split, 1), Merchant = new(7), Lane = Lane.Priority, DueAt = new(1_000_000), KeyAccount = true, InvoiceAt = 300,
            Body = "{}"u8,
        }.Write(new(buffer));

        Assert.Equal("0301000000000000002A020100000000000000070100000000000F4240000000" + "01AC02" + "027B7D", Convert.ToHexString(buffer.Written));
        var read = DeliveryCommand.Read(buffer.Written);
        Assert.Equal(("42:split:1", 7L, Lane.Priority, 1_000_000L), (read.Key.ToString(), read.Merchant.Value, read.Lane, read.DueAt.Microseconds));
        Assert.Equal((true, 300), (read.KeyAccount, read.InvoiceAt));
        Assert.True(read.Body.SequenceEqual("{}"u8));
    }

    [Fact]
    public void A_command_of_the_release_before_is_no_key_accounts_and_keeps_its_invoice()
    {
        var read = DeliveryCommand.Read(Convert.FromHexString("0201000000000000002A020100000000000000070100000000000F4240000000027B7D"));

        Assert.Equal(("42:split:1", Lane.Priority, false, 0), (read.Key.ToString(), read.Lane, read.KeyAccount, read.InvoiceAt));
        Assert.True(read.Body.SequenceEqual("{}"u8));
    }

    [Fact]
    public void A_result_has_golden_bytes_and_comes_back()
    {
        var result = new DeliveryResult(DeliveryOutcome.Replayed, new(new(42), Leg.Tax, 0), new(7), 3, new(1_000_000), "", "ann", "r1", "why");
        var buffer = new ByteBuffer();
        result.Write(new(buffer));

        Assert.Equal("0204000000000000002A040000000000000000070300000000000F4240000103616E6E010272310103776879", Convert.ToHexString(buffer.Written));
        Assert.Equal(result, DeliveryResult.Read(buffer.Written));
    }

    [Fact]
    public void A_call_whose_effect_was_undone_has_its_number_behind_all_else()
    {
        var key = new CallKey(new(42), Leg.Split, 1, 300);
        var buffer = new ByteBuffer();
        new DeliveryCommand
        {
            Kind = DeliveryCommandKind.Send, Key = key, Merchant = new(7), Lane = Lane.Priority, DueAt = new(1_000_000), KeyAccount = true, InvoiceAt = 300, Body = "{}"u8,
        }.Write(new(buffer));
        Assert.Equal("0401000000000000002A020100000000000000070100000000000F4240000000" + "01AC02" + "027B7D" + "AC02", Convert.ToHexString(buffer.Written));
        var read = DeliveryCommand.Read(buffer.Written);
        Assert.Equal((key, true, 300), (read.Key, read.KeyAccount, read.InvoiceAt));
        Assert.True(read.Body.SequenceEqual("{}"u8));

        var result = new DeliveryResult(DeliveryOutcome.Confirmed, key, new(7), 3, new(1_000_000), "r");
        buffer.Clear();
        result.Write(new(buffer));
        Assert.Equal("0301000000000000002A020100000000000000070300000000000F42400172000000AC02", Convert.ToHexString(buffer.Written));
        Assert.Equal(result, DeliveryResult.Read(buffer.Written));
        Assert.Equal("42:split:1;r301", key.AfterReturn().ToString());
        Assert.Equal("42:split:1", (key with { Returns = 1 }).BeforeReturn().ToString());
    }

    [Fact]
    public void Bytes_of_another_version_are_a_corruption_with_a_name()
    {
        Assert.Throws<CorruptStateException>(() => DeliveryResult.Read([9]));
        Assert.Throws<CorruptStateException>(() => DeliveryCommand.Read([9]).Body.Length);
        Assert.Throws<CorruptStateException>(() => DeadLetter.Read([9]));
    }

    [Fact]
    public void A_dead_letter_comes_back_with_its_bytes()
    {
        var letter = new DeadLetter
        {
            Id = "shop.public.orders-3@17", Stage = DeadLetter.Intake, Reason = "truncated", Since = new UtcInstant(5), Payload = [1, 0, 255],
            Topic = "shop.public.orders", Partition = 3, Offset = 17, RecordKey = [7], RecordHeaders = [1, 2], RecordTimestampMs = 9, DiscardedBy = "ann",
        };
        var buffer = new ByteBuffer();
        letter.Write(new(buffer));
        var read = DeadLetter.Read(buffer.Written);

        Assert.Equal((letter.Id, letter.Stage, letter.Reason, letter.Since, letter.Topic, 3, 17L), (read.Id, read.Stage, read.Reason, read.Since, read.Topic, read.Partition, read.Offset));
        Assert.Equal(letter.Payload, read.Payload);
        Assert.Equal(letter.RecordKey, read.RecordKey);
        Assert.Equal(letter.RecordHeaders, read.RecordHeaders);
        Assert.Equal((9, "ann"), (read.RecordTimestampMs, read.DiscardedBy));
        Assert.Null(read.OrderId);
    }
}
