namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What migrations and administrators do to tables and their columns.</summary>
static class TableTroubles
{
    public static IReadOnlyList<Trouble> All { get; } =
    [
        Renamed("refunded_amount"), Renamed("status"), Renamed("gross_amount"), Renamed("completed_at"), Renamed("category"), Renamed("promoter_id"),
        Retyped("gross_amount", "text", "numeric(20,4)", Sight.Blind),
        Retyped("refunded_amount", "double precision", "numeric(20,4)", Sight.Blind),
        Retyped("order_id", "numeric(30)", "bigint", Sight.Blind),
        Retyped("category", "text", "varchar(40)", Sight.Either),
        Trouble.Sql(
            "category dropped", Sight.Blind,
            "create table kept as select order_id, category from orders; alter table orders drop column category",
            "begin; alter table orders add column category varchar(40); update orders set category = kept.category from kept where kept.order_id = orders.order_id; drop table kept; commit",
            names => names["category"] = null, names => names["category"] = "category"),
        Trouble.Sql(
            "refunded_amount generated", Sight.Blind,
            "begin; alter table orders rename refunded_amount to paid_back; alter table orders add column refunded_amount numeric(20,4) generated always as (paid_back) stored; commit",
            "begin; alter table orders drop column refunded_amount; alter table orders rename paid_back to refunded_amount; commit",
            names => names["refunded_amount"] = "paid_back", names => names["refunded_amount"] = "refunded_amount"),
        Trouble.Sql("note dropped", Sight.Clear, "alter table orders drop column note", "alter table orders add column note text"),
        Trouble.Sql("column added", Sight.Clear, "alter table orders add column extra int not null default 7", "alter table orders drop column extra"),
        // The other one is fit to be read, and is the table of orders then: it is read anew, which may take a moment or several seconds. It is empty, as the shop's orders are elsewhere.
        Trouble.Sql(
            "another table under the name", Sight.Either,
            """
            begin; alter table orders rename to orders_away; create table orders (like orders_away including all); alter table orders replica identity full;
            grant select on orders to settle; alter publication streamsettle add table orders; commit
            """,
            "begin; drop table orders; alter table orders_away rename to orders; commit",
            names => names.Orders = "orders_away", names => names.Orders = "orders"),
        Trouble.Sql(
            "another schema", Sight.Blind, "create schema elsewhere; alter table orders set schema elsewhere", "alter table elsewhere.orders set schema public; drop schema elsewhere",
            names => names.Orders = "elsewhere.orders", names => names.Orders = "orders"),
        Trouble.Sql("tier renamed", Sight.Blind, "alter table merchants rename tier to level", "alter table merchants rename level to tier"),
        Trouble.Sql("parent_id renamed", Sight.Blind, "alter table promoters rename parent_id to above", "alter table promoters rename above to parent_id"),
        Trouble.Sql("label renamed", Sight.Blind, "alter type order_status rename value 'COMPLETED' to 'DONE'", "alter type order_status rename value 'DONE' to 'COMPLETED'"),
        Trouble.Sql("merchants renamed", Sight.Blind, "alter table merchants rename to merchants_away", "alter table merchants_away rename to merchants"),
        Trouble.Sql("a child table", Sight.Blind, "create table orders_child () inherits (orders)", "drop table orders_child"),
        Trouble.Sql("replica identity default", Sight.Blind, "alter table orders replica identity default", "alter table orders replica identity full"),
        Trouble.Sql("replica identity nothing", Sight.Blind, "alter table orders replica identity nothing", "alter table orders replica identity full"),
        Trouble.Once("vacuum full", Sight.Clear, storm => storm.AdministerAsync("vacuum full orders")),
        Trouble.Once("merchants clustered", Sight.Clear, storm => storm.AdministerAsync("cluster merchants using merchants_pkey")),
    ];

    static Trouble Renamed(string column) => Trouble.Sql(
        $"{column} renamed", Sight.Blind, $"alter table orders rename {column} to was_{column}", $"alter table orders rename was_{column} to {column}",
        names => names[column] = $"was_{column}", names => names[column] = column);

    static Trouble Retyped(string column, string to, string back, Sight sight) => Trouble.Sql(
        $"{column} becomes {to}", sight, $"alter table orders alter column {column} type {to} using {column}::{to}", $"alter table orders alter column {column} type {back} using {column}::{back}");
}
