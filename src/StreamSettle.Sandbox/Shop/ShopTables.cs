using Npgsql;

namespace StreamSettle.Sandbox.Shop;

/// <summary>The shop's tables, as <c>source.sql</c> has them.</summary>
public static class ShopTables
{
    const string Schema = """
        do $$ begin
          create type order_status as enum ('CREATED','PAID','SHIPPED','COMPLETED','DISPUTED','CANCELLED','REFUNDED');
        exception when duplicate_object then null; end $$;
        create table if not exists merchants (
          merchant_id bigint primary key,
          name        text not null,
          tier        text not null default 'STANDARD',
          country     char(2) not null,
          time_zone   text not null default 'UTC');
        create table if not exists promoters (
          promoter_id bigint primary key,
          parent_id   bigint references promoters,
          name        text not null);
        create table if not exists orders (
          order_id        bigint primary key,
          merchant_id     bigint not null,
          promoter_id     bigint,
          carrier_id      bigint,
          buyer_country   char(2) not null,
          category        varchar(40),
          currency        char(3) not null,
          gross_amount    numeric(20,4) not null,
          shipping_amount numeric(20,4) not null default 0,
          refunded_amount numeric(20,4) not null default 0,
          status          order_status not null,
          export_refund   boolean not null default false,
          completed_at    timestamptz,
          invoice         jsonb,
          note            text,
          updated_at      timestamptz not null default now());
        alter table orders replica identity full;
        """;

    /// <summary>Makes what is missing; what is there stays.</summary>
    public static async Task CreateAsync(NpgsqlDataSource database, CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(Schema);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
