using System.Globalization;
using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/orders/{id}</c>: an order's whole road from the event log.</summary>
static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder routes, ServiceHandle handle, AccessGate access) => routes
        .MapGet("/api/v1/orders/{id:long}", async (long id, CancellationToken stop) =>
        {
            if (handle.Service is not { } service)
            {
                return Results.Problem("The service is starting.", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            var order = new OrderId(id);
            var stream = await service.EventLog.ReadStreamAsync(order, stop);
            return stream.Count == 0
                ? Results.Problem($"The event log has nothing about order {id.ToString(CultureInfo.InvariantCulture)}.", statusCode: StatusCodes.Status404NotFound)
                : Results.Json(
                    new OrderAnswer(order.ToString(), OrderHistoryText.Render(OrderHistory.From(order, stream)), [.. stream.Select(stored => stored.Json)]),
                    ApiJson.Default.OrderAnswer);
        })
        .AddEndpointFilter(access.Require(Role.Viewer)).WithName("ShowOrder").WithSummary("An order's whole road, as text and as its events.")
        .Produces<OrderAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
}
