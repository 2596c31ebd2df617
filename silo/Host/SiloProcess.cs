using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrustMesh.Host.Device;
using TrustMesh.Host.Keys;
using TrustMesh.Host.Operator;
using TrustMesh.Host.Settings;
using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Keys;

namespace TrustMesh.Host;

/// <summary>A silo with its listeners, from start to stop. The executable and the tests run the same.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    private readonly WebApplication devices, operators;
    private int disposed;

    private SiloProcess(Silo silo, ILoggerFactory loggers)
    {
        Silo = silo;
        devices = DeviceListener.Build(silo, loggers);
        operators = OperatorListener.Build(silo, loggers);
    }

    public Silo Silo { get; }

    /// <summary>https://host:port of the device listener.</summary>
    public Uri DeviceAddress { get; private set; } = null!;

    /// <summary>http(s)://host:port of the operator listener.</summary>
    public Uri OperatorAddress { get; private set; } = null!;

    /// <summary>Every route devices can reach.</summary>
    public IReadOnlyList<Endpoint> DeviceRoutes => [.. devices.Services.GetRequiredService<EndpointDataSource>().Endpoints];

    /// <summary>Every route operators can reach.</summary>
    public IReadOnlyList<Endpoint> OperatorRoutes => [.. operators.Services.GetRequiredService<EndpointDataSource>().Endpoints];

    /// <summary>The newest one-time code of the machine itself.</summary>
    public string AdminCode { get; private set; } = null!;

    /// <summary>Opens, listens, and writes the code and ready files. Throws <see cref="InvalidDataException"/> or <see cref="IOException"/> with a sentence for the operator.</summary>
    public static async Task<SiloProcess> StartAsync(SiloSettings settings, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation, Action<string>? putOut = null)
    {
        var silo = await Silo.OpenAsync(settings, loggers, time, cancellation, putOut);
        SiloProcess? process = null;
        try
        {
            process = new(silo, loggers);
            await process.ListenAsync(cancellation);
            return process;
        }
        catch
        {
            if (process is null) await silo.DisposeAsync();
            else await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        Silo.Log.Stopping();
        Silo.Stop();
        using var limit = new CancellationTokenSource(StopWithin);
        await Task.WhenAll(devices.StopAsync(limit.Token), operators.StopAsync(limit.Token));
        await devices.DisposeAsync();
        await operators.DisposeAsync();
        await Silo.DisposeAsync();
    }

    /// <summary>
    /// A fresh one-time code for <c>admin</c>, whatever the list of people says: the way in for whoever controls this machine when nobody else gets in. Written
    /// to the code file, if there is one.
    /// </summary>
    public async Task RenewCodeAsync(CancellationToken cancellation)
    {
        (AdminCode, _) = await Silo.Operators.CreateMachineCodeAsync("admin", cancellation);
        if (Silo.Settings.CodeFile is { } codeFile) SecretFile.Write(codeFile, System.Text.Encoding.ASCII.GetBytes(AdminCode + "\n"));
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        await operators.StartAsync(cancellation);
        await devices.StartAsync(cancellation);
        (OperatorAddress, DeviceAddress) = (OperatorListener.Address(operators), OperatorListener.Address(devices));
        (Silo.DeviceAddress, Silo.OperatorAddress) = (DeviceAddress.ToString().TrimEnd('/'), OperatorAddress.ToString().TrimEnd('/'));
        await RenewCodeAsync(cancellation);
        Silo.Log.Listening(DeviceAddress.Authority, OperatorAddress.Authority);
        if (Silo.Settings.ReadyFile is { } readyFile)
            SecretFile.Write(readyFile, JsonSerializer.SerializeToUtf8Bytes(
                new ReadyReport(Silo.DeviceAddress, Silo.OperatorAddress, Convert.ToHexStringLower(Silo.AuthorityKey.SpkiHash.Span), Environment.ProcessId), ReadyJson.Default.ReadyReport));
    }
}
