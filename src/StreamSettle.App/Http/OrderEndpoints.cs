using System.Globalization;
using StreamSettle.App.Access;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/orders/{id}</c>: an order's whole road from the event log.</summary>
static class OrderEndpoints
{
    static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    /// <summary>An order has a letter a call, and one for each of its changes that cannot be read.</summary>
    const int MaxLetters = 100;

    public static void MapOrders(this IEndpointRouteBuilder routes, ServiceHandle handle) => routes
        .MapGet("/api/v1/orders/{id:long}", async (long id, CancellationToken stop) =>
        {
            if (handle.Service is not { } service)
            {
                return Problems.Starting();
            }

            var order = new OrderId(id);
            var stream = await service.EventLog.ReadStreamAsync(order, stop).WaitAsync(AnswersWithin, stop);
            var letters = new DeadLetterQueue(service).List(new(Order: id), null, MaxLetters).Items;
            return stream.Count + letters.Count == 0
                ? Problems.Missing($"The event log has nothing about order {id.ToString(CultureInfo.InvariantCulture)}.")
                : Results.Json(
                    new OrderAnswer(order.ToString(), OrderHistoryText.Render(OrderHistory.From(order, stream)), [.. stream.Select(stored => stored.Json)], [.. letters.Select(letter => DeadLetterAnswer.Of(letter, withPayload: true))]),
                    ApiJson.Default.OrderAnswer);
        })
        .Needs(Role.Auditor).WithName("ShowOrder").WithSummary("An order's whole road, as text and as its events, and what of it waits for a person.")
        .Produces<OrderAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
}
