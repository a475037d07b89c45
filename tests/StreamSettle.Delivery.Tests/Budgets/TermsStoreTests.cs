using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Delivery.Tests.Budgets;

public class TermsStoreTests
{
    const string Golden = "02" + "0000000000000102" + "01880C" + "04" + "08" + "02" + "6401" + "80CEDA03" + "AC0200" + "01" + "0378" + "2030" + "05" + "0000000000000506";

    static readonly SystemTerms Terms = new()
    {
        ToldAt = new(0x0102),
        PausedUntil = new(0x0304),
        BatchSize = 4,
        ConfiguredBatchSize = 8,
        Rules = [new(100, TimeSpan.FromMicroseconds(3_888_000)), new(300, null)],
        Allowances = [new("x 0", -3, new(0x0506))],
    };

    [Fact]
    public void Terms_have_these_bytes()
    {
        var bytes = new ByteBuffer();
        TermsStore.Write(Terms, new ByteWriter(bytes));
        var read = TermsStore.Read(Convert.FromHexString(Golden));

        Assert.Equal(Golden, Convert.ToHexString(bytes.Written));
        Assert.True(read.SaysTheSameAs(Terms));
        Assert.Equal(Terms.ToldAt, read.ToldAt);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("02")]
    [InlineData("")]
    public void Bytes_that_are_no_terms_are_corrupt(string bytes) =>
        Assert.Throws<CorruptStateException>(() => TermsStore.Read(Convert.FromHexString(bytes)));
}
