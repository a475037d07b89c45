-- A shop's tables, as StreamSettle reads them.
create type order_status as enum ('CREATED','PAID','SHIPPED','COMPLETED','DISPUTED','CANCELLED','REFUNDED');

create table merchants (
  merchant_id bigint primary key,
  name        text not null,
  tier        text not null default 'STANDARD',      -- STANDARD | KA (key account)
  country     char(2) not null,
  time_zone   text not null default 'UTC'            -- IANA name
);

create table promoters (
  promoter_id bigint primary key,
  parent_id   bigint references promoters,           -- who recruited this promoter: the next commission level
  name        text not null
);

create table orders (
  order_id        bigint primary key,
  merchant_id     bigint not null,
  promoter_id     bigint,
  carrier_id      bigint,
  buyer_country   char(2) not null,
  category        varchar(40),
  currency        char(3) not null,
  gross_amount    numeric(20,4) not null,            -- what the buyer paid, shipping and included tax in it
  shipping_amount numeric(20,4) not null default 0,  -- part of gross_amount
  refunded_amount numeric(20,4) not null default 0,  -- cumulative, never above gross_amount
  status          order_status not null,
  export_refund   boolean not null default false,    -- sold abroad, input tax can be claimed back
  completed_at    timestamptz,
  invoice         jsonb,
  note            text,
  updated_at      timestamptz not null default now()
);
alter table orders replica identity full;
