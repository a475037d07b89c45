using System.Globalization;
using JasperFx.Events.Projections;
using Marten;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>The projections' documents as Marten keeps them, and who fills them: the one list of both.</summary>
internal static class ViewStorage
{
    /// <summary>Events that are read at a time, and written about in one transaction.</summary>
    const int PageEvents = 2_000;

    /// <summary>Tables, for whoever reads; made with the others whether projections run or not.</summary>
    public static void Documents(StoreOptions options)
    {
        Document<OrderView>(options, "order_view");
        Document<MerchantDay>(options, "merchant_day");
        Document<TaxDay>(options, "tax_day");
        Document<DownstreamDay>(options, "downstream_day");
        Document<DeadLetterView>(options, "dead_letter_view");
    }

    /// <summary>The tables of a projection, without the schema.</summary>
    public static IReadOnlyList<string> Tables(string projection) => projection == ProjectionName.Orders
        ? ["mt_doc_order_view"]
        : ["mt_doc_merchant_day", "mt_doc_tax_day", "mt_doc_downstream_day", "mt_doc_dead_letter_view"];

    /// <summary>Marten's name in <c>mt_event_progression</c> of a projection that was made anew <paramref name="generation"/> - 1 times.</summary>
    public static string Shard(string projection, long generation) => $"{Named(projection, generation)}:All";

    /// <summary>Has Marten's daemon run a projection.</summary>
    /// <param name="failed">Hears what it fails with.</param>
    public static void Run(StoreOptions options, Tables tables, (string Name, long Generation) projection, Action<Exception> failed) => options.Projections.Add(
        new ToldProjection(new OnceProjection(projection.Name == ProjectionName.Orders ? new OrdersProjection() : new ReportsProjection(), tables, projection), failed), ProjectionLifecycle.Async, Named(projection.Name, projection.Generation),
        asynchronous => (asynchronous.BatchSize, asynchronous.MaximumHopperSize) = (PageEvents, 2 * PageEvents));

    static string Named(string projection, long generation) => generation == 1 ? projection : string.Create(CultureInfo.InvariantCulture, $"{projection}.{generation}");

    /// <summary>Without what says nothing here: a row's writer and its version of every change.</summary>
    static void Document<T>(StoreOptions options, string alias)
        where T : class => options.Schema.For<T>().DocumentAlias(alias).Metadata(columns => columns.DisableInformationalFields());
}
