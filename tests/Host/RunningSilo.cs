using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using TrustMesh.Contracts;
using TrustMesh.Host;
using TrustMesh.Host.Settings;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Host;

/// <summary>
/// A whole silo in this process: real TLS, a directory of its own, an admin signed in. Its rows are in SQLite, or where <see cref="OverAttribute"/>
/// of the test's class says.
/// </summary>
public sealed class RunningSilo : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly SiloPlace? place;

    private RunningSilo(SiloSettings settings, TimeProvider time, ILoggerFactory loggers, SiloPlace? place)
        => (Settings, this.time, this.loggers, this.place) = (settings, time, loggers, place);

    public SiloSettings Settings { get; private set; }

    public SiloProcess Process { get; private set; } = null!;

    public Silo Silo => Process.Silo;

    /// <summary>Signed in as admin.</summary>
    public HttpClient Operator { get; private set; } = null!;

    public string Token { get; private set; } = "";

    public Uri Devices => Process.DeviceAddress;

    public static async Task<RunningSilo> StartAsync(Func<SiloSettings, SiloSettings>? change = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        var settings = new SiloSettings(
            Directory.CreateTempSubdirectory("trustmesh-silo-").FullName, "test-mesh", new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0), ["localhost", "127.0.0.1"],
            null, [], new HashSet<string>(), null, null, null, null, new LimitSettings());
        settings = change?.Invoke(settings) ?? settings;
        var place = OverAttribute.OfThisTest();
        var silo = new RunningSilo(place?.Over(settings) ?? settings, time ?? TimeProvider.System, loggers ?? new LogLines(), place);
        try
        {
            await silo.OpenAsync();
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops and starts again on the same state, which <paramref name="meanwhile"/> may change.</summary>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        Operator.Dispose();
        await Process.DisposeAsync();
        meanwhile?.Invoke();
        await OpenAsync();
    }

    /// <summary>Stops; <see cref="StartAgainAsync"/> goes on with the same state at the same addresses.</summary>
    public async Task StopAsync()
    {
        Settings = Settings with { DeviceListen = new(Settings.DeviceListen.Address, Process.DeviceAddress.Port), OperatorListen = new(Settings.OperatorListen.Address, Process.OperatorAddress.Port) };
        await Process.DisposeAsync();
    }

    public Task StartAgainAsync()
    {
        Operator.Dispose();
        return OpenAsync();
    }

    public HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = new(Process.OperatorAddress, "/api/v1/"), Timeout = TimeSpan.FromSeconds(60) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>A session of its own with that role, in the whole mesh or at some sites.</summary>
    public async Task<HttpClient> SignInAsync(string role, params string[] sites)
    {
        var code = await PostAsync<OperatorCode>("operators", new OperatorRequest(string.Join('-', ["some", role, .. sites]), role, sites.Length == 0 ? null : sites));
        using var anyone = Client(null);
        var session = await (await anyone.PostAsJsonAsync("session", new SignIn(code.Code))).Content.ReadFromJsonAsync<Session>();
        return Client(session!.Token);
    }

    public async Task<string> JoinTokenAsync(int uses = 100, bool autoApprove = true)
        => (await PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(uses, 600, autoApprove))).Token!;

    public async Task<T> PostAsync<T>(string path, object body)
    {
        using var answer = await Operator.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>())!;
    }

    public async Task PutAsync(string path, object body)
    {
        using var answer = await Operator.PutAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<T> GetAsync<T>(string path) => (await Operator.GetFromJsonAsync<T>(path))!;

    public async Task<Problem> ProblemAsync(HttpClient client, string path, object body)
    {
        // A silo that takes no such body says so before it is sent; else it closes the connection while it is being written, and the answer may be lost.
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { ExpectContinue = true } };
        await request.Content.LoadIntoBufferAsync();
        using var answer = await client.SendAsync(request);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadFromJsonAsync<Problem>())!;
    }

    /// <summary>A software device that has joined and measured one file, connected.</summary>
    public async Task<TestDevice> JoinAsync(string name = "device-1")
    {
        var device = new TestDevice(name);
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(Devices);
        var (result, code) = await device.EnrolAsync(await JoinTokenAsync());
        Assert.True(result is not null, code);
        return device;
    }

    /// <summary>For what only the embedded host has or says; <paramref name="why"/> tells where the cluster's counterpart is tested.</summary>
    public void OnlyEmbedded(string why) => Assert.SkipWhen(Settings.IsClustered, why);

    /// <summary>Puts other bytes in the place of a stored row, as whoever administers the storage can; it counts after a restart.</summary>
    public async Task ReplaceAsync(string kind, string id, byte[] value)
    {
        var row = await Silo.Records.ReadAsync(kind, id, CancellationToken.None);
        Assert.True(row is not null, $"there is no row {kind} {id}");
        await Silo.Records.WriteAsync(kind, id, row.Version, value, CancellationToken.None);
    }

    /// <summary>The same with a twin's state, and with lines its log may not have.</summary>
    public async Task ReplaceAsync(DeviceId device, byte[]? state, byte[] unlogged)
    {
        var row = await Silo.Place.TwinStore.LoadAsync(device, CancellationToken.None);
        Assert.True(row is not null, $"there is no twin {device}");
        await Silo.Place.TwinStore.SaveAsync(new(device, row.Version, state ?? row.State, null, null, unlogged), CancellationToken.None);
    }

    /// <summary>All bytes it stored.</summary>
    public async Task<byte[]> StoredAsync()
    {
        if (place is not null) return await place.EverythingAsync();
        using var all = new MemoryStream();
        foreach (var file in Directory.GetFiles(Settings.State, "silo.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await stream.CopyToAsync(all);
        }
        return all.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        if (Process is not null) await Process.DisposeAsync();
        if (place is not null) await place.DisposeAsync();
        Directory.Delete(Settings.State, true);
    }

    private async Task OpenAsync()
    {
        Process = await SiloProcess.StartAsync(Settings, loggers, time, CancellationToken.None);
        using var anyone = Client(null);
        using var answer = await anyone.PostAsJsonAsync("session", new SignIn(Process.AdminCode));
        Token = (await answer.Content.ReadFromJsonAsync<Session>())!.Token!;
        Operator = Client(Token);
    }
}
