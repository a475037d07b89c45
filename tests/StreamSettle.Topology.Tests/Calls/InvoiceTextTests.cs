using System.Runtime.ExceptionServices;
using System.Text;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Calls;

public class InvoiceTextTests
{
    [Theory]
    [InlineData("""{"number":"A-1"}""", true)]
    [InlineData("null", true)]
    [InlineData(" 1 ", true)]
    [InlineData("A-1", false)]
    [InlineData("{", false)]
    [InlineData("1 2", false)]
    public void It_is_taken_where_it_is_one_value(string column, bool isTaken) =>
        Assert.Equal(isTaken ? column : "", Encoding.UTF8.GetString(InvoiceText.JsonOrNothing(Encoding.UTF8.GetBytes(column))));

    [Fact]
    public void None_costs_no_exception()
    {
        var (thrown, thread) = (0, Environment.CurrentManagedThreadId);
        void Count(object? sender, FirstChanceExceptionEventArgs what) => thrown += Environment.CurrentManagedThreadId == thread ? 1 : 0;

        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            Assert.True(InvoiceText.JsonOrNothing([]).IsEmpty);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(0, thrown);
    }
}
