using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Delivery.Tests.Budgets;

public class TermsBookTests
{
    const string Golden = "01" + "0000000000000102" + "0000000000000304" + "0105" + "0000000000000506" + "04" + "08" + "02" + "6401" + "80CEDA03" + "AC0200";

    static readonly SystemTerms Terms = new()
    {
        ToldAt = new(0x0102),
        PausedUntil = new(0x0304),
        Remaining = -3,
        RemainingUntil = new(0x0506),
        BatchSize = 4,
        ConfiguredBatchSize = 8,
        Rules = [new(100, TimeSpan.FromMicroseconds(3_888_000)), new(300, null)],
    };

    [Fact]
    public void Terms_have_these_bytes()
    {
        var bytes = new ByteBuffer();
        TermsBook.Write(Terms, new ByteWriter(bytes));
        var read = TermsBook.Read(Convert.FromHexString(Golden));

        Assert.Equal(Golden, Convert.ToHexString(bytes.Written));
        Assert.True(read.SaysTheSameAs(Terms));
        Assert.Equal(Terms.ToldAt, read.ToldAt);
    }

    [Theory]
    [InlineData("02")]
    [InlineData("01")]
    [InlineData("")]
    public void Bytes_that_are_no_terms_are_corrupt(string bytes) =>
        Assert.Throws<CorruptStateException>(() => TermsBook.Read(Convert.FromHexString(bytes)));
}
