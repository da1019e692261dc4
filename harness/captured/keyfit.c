#include "harness/captured/keyfit.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"

void keyfit_take(struct keyfit *keyfit, const struct capture *capture)
{
    struct buf complaint = {0};
    if (capture_keys_fit(capture, &complaint))
        keyfit->fitted = true;
    else if (keyfit->misfits++ == 0)
        buf_add(&keyfit->misfit, buf_view(&complaint));
    buf_deinit(&complaint);
}

int keyfit_end(struct keyfit *keyfit)
{
    bool wrong = !keyfit->fitted && keyfit->misfits > 0;
    if (keyfit->misfits > 1)
        buf_printf(&keyfit->misfit, "; nor does it fit the other captures");
    if (wrong)
        screen_complain(buf_view(&keyfit->misfit));
    buf_deinit(&keyfit->misfit);
    *keyfit = (struct keyfit){0};
    return wrong ? EXIT_USAGE : EXIT_ALL_PASSED;
}
