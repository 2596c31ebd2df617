using System.Threading.Channels;

namespace TrustMesh.Cli.Demo;

/// <summary>Keys pressed on the terminal. Reading one blocks a thread for as long as nobody presses any, so it has one of its own, which the end of the process ends.</summary>
internal static class Keys
{
    public static IAsyncEnumerable<char> Of(Func<char> read)
    {
        var keys = Channel.CreateBounded<char>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropWrite });
        new Thread(() =>
        {
            try
            {
                while (true) keys.Writer.TryWrite(read());
            }
            catch (InvalidOperationException)
            {
                // The terminal is gone.
                keys.Writer.Complete();
            }
        }) { IsBackground = true, Name = "keys" }.Start();
        return keys.Reader.ReadAllAsync();
    }
}
