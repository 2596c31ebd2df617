using System.Net;
using System.Net.Sockets;
using TrustMesh.Roots;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Roots;

/// <summary>Addresses, and what stands at their other end.</summary>
public sealed class TpmChannelTests
{
    private static readonly byte[] GetRandom = Command(8);

    [Theory]
    [InlineData("")]
    [InlineData("tpm")]
    [InlineData("/dev/tpmrm0")]
    [InlineData("device:tpmrm0")]
    [InlineData("device:")]
    [InlineData("unix:swtpm.sock")]
    [InlineData("tcp:localhost")]
    [InlineData("tcp:127.0.0.1")]
    [InlineData("tcp:example.org:2321")]
    [InlineData("http://127.0.0.1:2321")]
    public void What_is_no_address_is_refused_with_the_forms_there_are(string address)
        => Assert.Contains("device:/dev/tpmrm0, unix:/path", Assert.Throws<RootException>(() => TpmChannel.Open(address)).Message);

    [Theory]
    [InlineData("device:/dev/trustmesh-no-such-tpm", "There is no TPM at")]
    [InlineData("device:/nowhere/tpm0", "There is no TPM at")]
    [InlineData("unix:/nowhere/tpm.sock", "No software TPM answers")]
    [InlineData("tcp:127.0.0.1:1", "No software TPM answers")]
    public void Where_no_TPM_is_the_sentence_says_so(string address, string words)
        => Assert.Contains(words, Assert.Throws<RootException>(() => TpmChannel.Open(address)).Message);

    [Fact]
    public void A_device_that_is_no_TPM_is_found_out()
    {
        var settings = new RootSettings("tpm", "device:/dev/null", "auto", 13, Path.Combine(Path.GetTempPath(), "trustmesh-never-made"));
        Assert.Contains("stopped answering", Assert.Throws<RootException>(() => RootOfTrust.Open(settings, TimeProvider.System)).Message);
        Assert.False(Directory.Exists(settings.StateDirectory));
    }

    [Fact]
    public void An_answer_in_single_bytes_is_put_together()
    {
        byte[] answer = [0x80, 1, 0, 0, 0, 12, 0, 0, 0, 0, 7, 7];
        Assert.Equal(answer, Ask(peer => { foreach (var b in answer) peer.Send([b]); }));
    }

    [Theory]
    [InlineData("800100000009", "announced an answer of 9 bytes")]
    [InlineData("80017fffffff", "announced an answer of 2147483647 bytes")]
    public void An_announced_size_is_not_believed(string start, string words)
        => Assert.Contains(words, Assert.Throws<IOException>(() => Ask(peer => peer.Send([.. Convert.FromHexString(start), 0, 0, 0, 0]))).Message);

    [Fact]
    public void A_connection_closed_in_the_middle_is_an_error()
        => Assert.Contains("closed", Assert.Throws<IOException>(() => Ask(peer => peer.Send([0x80, 1, 0]))).Message);

    [Fact]
    public void Silence_ends_at_the_deadline()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = TpmChannel.Open("tcp:" + listener.LocalEndpoint);
        Assert.Contains("no answer within", Assert.Throws<IOException>(() => channel.Exchange(GetRandom, TimeSpan.FromMilliseconds(50))).Message);
    }

    [Fact]
    public void Drops_of_an_answer_do_not_stretch_the_deadline()
    {
        using var stop = new CancellationTokenSource();
        var failed = Assert.Throws<IOException>(() => Ask(peer =>
        {
            // One byte each time the other side may have begun a new wait; never the last one.
            peer.Send([0x80, 1, 0, 0, 0x10, 0, 0, 0, 0, 0]);
            while (!stop.IsCancellationRequested && peer.Connected && !peer.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead))
                peer.Send([0]);
        }, TimeSpan.FromMilliseconds(200)));
        stop.Cancel();
        Assert.Contains("no answer within", failed.Message);
    }

    [Fact]
    public void A_character_device_carries_commands_to_a_TPM()
    {
        using var swtpm = Swtpm.Start();
        using var device = new PseudoDevice(swtpm.Address);
        using var root = TpmRoot.Open(swtpm.Settings() with { Tpm = "device:" + device.Path }, TimeProvider.System);
        Assert.NotEmpty(root.Prove(Drafts.For(root, new byte[32])).Quote!.Values);
        Assert.Contains("device:" + device.Path, root.Description);
    }

    private static byte[] Ask(Action<Socket> answer, TimeSpan? deadline = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = TpmChannel.Open("tcp:" + listener.LocalEndpoint);
        using var peer = listener.AcceptSocket();
        var answering = Task.Run(() =>
        {
            peer.ReceiveExactly(new byte[GetRandom.Length]);
            answer(peer);
            peer.Shutdown(SocketShutdown.Send);
        });
        try
        {
            return channel.Exchange(GetRandom, deadline ?? TimeSpan.FromSeconds(10));
        }
        finally
        {
            channel.Dispose();
            Assert.True(((IAsyncResult)answering).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        }
    }

    private static byte[] Command(ushort count)
    {
        var command = new TpmCommand(TpmCommandCode.GetRandom);
        command.Parameters.U16(count);
        return command.Encode();
    }
}
