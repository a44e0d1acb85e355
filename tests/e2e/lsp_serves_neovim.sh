#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

command -v nvim >/dev/null || skip 'there is no Neovim (./dev test installs it)'
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache XDG_RUNTIME_DIR=$work NVIM_LOG_FILE=$work/nvim.log
cat >profile.toml <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/true"
[process]
lingr = "5s"
[[fs]]
tmpfs = "/tmp"
END
cat >client.lua <<'END'
-- What an editor does, with the client that is built into Neovim.
local function check(what, value)
  if not value then
    print('FAILED: ' .. what)
    vim.cmd('cquit 1')
  end
end
local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
  check(method .. ' is answered', answers)
  for _, answer in pairs(answers) do
    check(method .. ' succeeds', not answer.err)
    return answer.result
  end
end
vim.cmd('edit profile.toml')
local client = vim.lsp.start_client({ name = 'immure', cmd = { os.getenv('IMMURE'), 'lsp' }, root_dir = vim.fn.getcwd() })
check('the server starts', client)
vim.lsp.buf_attach_client(0, client)
check('diagnostics come', vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end))
local found = vim.diagnostic.get(0)[1]
check('the diagnostic is at its place', found.lnum == 5 and found.col == 0 and found.message:find('lingr'))

vim.api.nvim_win_set_cursor(0, { 6, 2 })
local range = vim.lsp.util.make_range_params()
range.context = { diagnostics = {} }
local fixes = request('textDocument/codeAction', range)
check('there is a fix', fixes and #fixes > 0)
vim.lsp.util.apply_workspace_edit(fixes[1].edit, 'utf-16')
check('the fix mends the text', vim.api.nvim_buf_get_lines(0, 5, 6, true)[1] == 'linger = "5s"')
check('and the diagnostic goes', vim.wait(20000, function() return #vim.diagnostic.get(0) == 0 end))

local hover = request('textDocument/hover', vim.lsp.util.make_position_params())
check('the key is described', hover and hover.contents.value:find('how long processes'))
vim.api.nvim_buf_set_lines(0, 7, 8, true, { 'ove' })
vim.api.nvim_win_set_cursor(0, { 8, 3 })
local words = request('textDocument/completion', vim.lsp.util.make_position_params())
local seen = false
for _, word in ipairs(words) do seen = seen or word.label == 'overlay' end
check('the ops are completed', seen)
print('done')
vim.lsp.stop_client(client)
vim.cmd('qall!')
END
run timeout 100 nvim --headless -u NONE -i NONE -n -c 'luafile client.lua'
assert_status 0
assert_contains "$output$errors" 'done'
