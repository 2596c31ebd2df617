using System.Text;
using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;

namespace TrustMesh.Tests.Roots;

/// <summary>Where a PIN may come from, in which order, and what is said when it is not there.</summary>
public sealed class PinSourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-pin-").FullName;
    private readonly Dictionary<string, string> variables = [];

    [Theory]
    [InlineData("1234", "1234")]
    [InlineData("1234\n", "1234")]
    [InlineData("12 34\r\n", "12 34")]
    public void A_file_holds_the_PIN_and_perhaps_a_line_end(string content, string pin) => Assert.Equal(pin, Read(Write("pin", content)));

    [Fact]
    public void The_file_goes_before_the_credential_and_that_before_the_variable()
    {
        var file = Write("pin", "of-file");
        variables[PinSource.Variable] = "of-variable";
        Assert.Equal("of-variable", Read(null));
        Write(PinSource.Credential, "of-credential\n");
        variables["CREDENTIALS_DIRECTORY"] = folder;
        Assert.Equal("of-credential", Read(null));
        Assert.Equal("of-file", Read(file));
    }

    [Fact]
    public void A_missing_file_is_not_replaced_by_another_source()
    {
        variables[PinSource.Variable] = "of-variable";
        Assert.Contains("no PIN file", Refused(Path.Combine(folder, "missing")));
    }

    [Fact]
    public void Without_any_source_all_three_are_named()
    {
        var told = Refused(null);
        foreach (var word in (string[])["pinFile", "pkcs11-pin", "TRUSTMESH_PKCS11_PIN"]) Assert.Contains(word, told);
    }

    [Fact]
    public void An_empty_or_endless_PIN_is_refused()
    {
        Assert.Contains("empty", Refused(Write("pin", "\n")));
        Assert.Contains("at most", Refused(Write("long", new string('1', 300))));
        variables["CREDENTIALS_DIRECTORY"] = folder;
        Write(PinSource.Credential, new string('1', 300));
        Assert.Contains("more than 256", Refused(null));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Read(string? file) => Encoding.UTF8.GetString(new PinSource(file, folder, variables.GetValueOrDefault).Read());

    private string Refused(string? file) => Assert.Throws<RootException>(() => Read(file)).Message;

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        PrivateFile.Write(path, Encoding.UTF8.GetBytes(content));
        return path;
    }
}
