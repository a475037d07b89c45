# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt ./
COPY schemas/ schemas/
COPY connectors/ connectors/
COPY topology/ topology/
COPY src/ src/
# CI=true: exactly the packages of the lock files.
ENV CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet restore src/StreamSettle.App --locked-mode && \
    dotnet publish src/StreamSettle.App --configuration Release --no-restore --output /app && \
    rm -r /app/runtimes/osx-* /app/runtimes/win-*

FROM mcr.microsoft.com/dotnet/aspnet:10.0.15-noble
WORKDIR /app
COPY --from=build /app ./
# A named volume takes its owner from here.
RUN install -d -o "$APP_UID" -g "$APP_UID" /var/lib/streamsettle /effects
# The root file system may be read-only: nothing of .NET's own is written.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID
EXPOSE 8787
ENTRYPOINT ["/app/streamsettle"]
CMD ["run"]
