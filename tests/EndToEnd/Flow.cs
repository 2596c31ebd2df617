using System.Net;
using System.Net.Sockets;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>An application on one device that talks to one on another over TCP: a byte there, the byte back.</summary>
internal sealed class Flow : IDisposable
{
    private readonly Socket listener, client;
    private readonly Socket? served;

    private Flow(Socket listener, Socket client, Socket? served) => (this.listener, this.client, this.served) = (listener, client, served);

    /// <summary>True if the connection came to be.</summary>
    public bool IsOpen => served is not null;

    /// <summary>Connects; the kernel tries again and again, so a door that opens in that time is open.</summary>
    public static async Task<Flow> OpenAsync(NetworkNamespace from, NetworkNamespace to, IPAddress address, TimeSpan patience)
    {
        var listener = to.NewSocket(AddressFamily.InterNetwork);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        var client = from.NewSocket(AddressFamily.InterNetwork);
        client.NoDelay = true;
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await client.ConnectAsync(listener.LocalEndPoint!, limit.Token);
            return new(listener, client, await listener.AcceptAsync(limit.Token));
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException)
        {
            return new(listener, client, null);
        }
    }

    /// <summary>True if a byte came back in time.</summary>
    public async Task<bool> RoundAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var buffer = new byte[1];
        try
        {
            await client.SendAsync(new byte[] { 7 }, limit.Token);
            if (await served!.ReceiveAsync(buffer, limit.Token) != 1) return false;
            await served.SendAsync(buffer, limit.Token);
            return await client.ReceiveAsync(buffer, limit.Token) == 1;
        }
        catch (Exception cut) when (cut is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    /// <summary>Goes round and round until it is cut; how long that took.</summary>
    /// <param name="silence">So long nothing comes back where it is cut.</param>
    public async Task<TimeSpan> UntilCutAsync(TimeSpan silence, TimeSpan patience)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var last = TimeProvider.System.GetElapsedTime(began);
            Assert.True(last < patience, $"bytes still pass after {last.TotalSeconds:0} s");
            if (!await RoundAsync(silence)) return last;
            await pace.WaitForNextTickAsync();
        }
    }

    public void Dispose()
    {
        served?.Dispose();
        client.Dispose();
        listener.Dispose();
    }
}
