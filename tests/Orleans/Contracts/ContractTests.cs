using System.Reflection;
using Orleans;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans.Contracts;

/// <summary>What silos of two versions promise each other while a cluster is upgraded one silo at a time.</summary>
public sealed class ContractTests
{
    private static readonly string File = Path.Combine(Repository.Root, "silo/Orleans/CONTRACTS.txt");

    private const string Head =
        """
        # What silos of different versions agree on while a cluster is upgraded one silo at a time.
        # A line that is only added is safe: the older silo passes over a member it does not know, and the newer one gets null, 0 or false from the older.
        # A line that changes or goes is not: calls and messages between the two versions fail until all silos are of one version. Then leave what there is
        # as it is and add a member, a method or a type beside it; the old one may go a release later, when nobody sends it any more.
        # Methods are known by the name before '=', or where there is none by name and parameter types; a type by its full name and assembly.
        """;

    [Fact]
    public void What_silos_say_to_each_other_is_what_was_promised()
    {
        var now = Head.Split('\n').Concat(ContractList.Lines()).ToList();
        var promised = System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File) : [];
        if (now.SequenceEqual(promised)) return;
        var made = Path.Combine(AppContext.BaseDirectory, "CONTRACTS.txt");
        System.IO.File.WriteAllLines(made, now);
        var (gone, added) = (promised.Except(now).ToList(), now.Except(promised).ToList());
        Assert.Fail(
            $"""
            Silos of this version say something else than CONTRACTS.txt promises.
            {(gone.Count == 0 ? "Everything that was promised still holds: a rolling upgrade works." : "THIS BREAKS A ROLLING UPGRADE: what follows with '-' is what the previous version relies on. Put it back and add something beside it.")}
            {string.Join('\n', gone.Select(line => "- " + line).Concat(added.Select(line => "+ " + line)))}
            To promise it: cp {made} {File}
            """);
    }

    [Fact]
    public void Names_on_the_wire_are_not_the_names_of_classes()
    {
        Assert.NotEmpty(MessageTypes.Interfaces);
        Assert.All(MessageTypes.Interfaces, grain => Assert.StartsWith("trustmesh.", grain.GetCustomAttribute<AliasAttribute>()?.Alias, StringComparison.Ordinal));
        var grains = typeof(MessageTypes).Assembly.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type)).ToList();
        Assert.Equal(MessageTypes.Interfaces.Count, grains.Count);
        Assert.All(grains, grain => Assert.NotNull(grain.GetCustomAttribute<GrainTypeAttribute>()));
        // Methods of our own have a name; those of the twin are everybody's, and known by their signature.
        var nameless = MessageTypes.Interfaces.SelectMany(grain => grain.GetMethods()).Where(method => method.GetCustomAttribute<AliasAttribute>() is null);
        Assert.Empty(nameless);
        foreach (var grain in MessageTypes.Interfaces)
            Assert.Distinct(grain.GetMethods().Select(method => method.GetCustomAttribute<AliasAttribute>()!.Alias));
    }
}
